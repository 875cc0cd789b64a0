using System.Runtime.InteropServices;

namespace Switchhook.Storage.Sqlite;

/// <summary>An open database. Closing with statements left is allowed: SQLite then closes once the last of them is gone.</summary>
internal sealed class SqliteHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => SqliteLibrary.Close(handle) == SqliteLibrary.Ok;

    /// <summary>The last failure of this connection as an exception.</summary>
    public unsafe SqliteException Failure(int code) => IsInvalid
        ? new SqliteException(code, Marshal.PtrToStringUTF8((nint)SqliteLibrary.ErrorText(code)) ?? "failed")
        : new SqliteException(SqliteLibrary.ExtendedCode(this), Marshal.PtrToStringUTF8((nint)SqliteLibrary.ErrorMessage(this)) ?? "failed");
}
