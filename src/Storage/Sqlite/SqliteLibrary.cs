using System.Runtime.InteropServices;

namespace Switchhook.Storage.Sqlite;

/// <summary>The functions of libsqlite3 that the provider calls (https://www.sqlite.org/c3ref/funclist.html).</summary>
internal static unsafe partial class SqliteLibrary
{
    public const string Name = "libsqlite3.so.0";

    public const int Ok = 0;
    public const int Row = 100;
    public const int Done = 101;

    public const int OpenReadWrite = 0x2;
    public const int OpenCreate = 0x4;
    public const int OpenNoMutex = 0x8000;              // one thread at a time is the connection's contract anyway
    public const int OpenExtendedCodes = 0x2000000;

    public const int TypeInteger = 1;
    public const int TypeReal = 2;
    public const int TypeText = 3;
    public const int TypeBlob = 4;
    public const int TypeNull = 5;

    /// <summary>SQLITE_TRANSIENT: SQLite copies what is bound.</summary>
    public const nint Copy = -1;

    /// <summary>SQLITE_STATIC: what is bound stays where it is until another value is, or none.</summary>
    public const nint InPlace = 0;

    private const int StatusCacheWrite = 9;        // SQLITE_DBSTATUS_CACHE_WRITE
    private const int ConfigureMemoryStatus = 9;   // SQLITE_CONFIG_MEMSTATUS

    private static readonly Lock ConfigureOnce = new();
    private static bool _isConfigured;

    /// <summary>Makes a missing library a message that says what to install, before the first call into it fails in its own words.</summary>
    /// <exception cref="DllNotFoundException">The library is not installed.</exception>
    public static void Require(string name = Name)
    {
        if (!NativeLibrary.TryLoad(name, out _))
            throw new DllNotFoundException($"{name} was not found. Install the Debian package libsqlite3-0: apt-get install libsqlite3-0");
        lock (ConfigureOnce)
        {
            // Nobody asks how much memory there is in use, and counting takes a lock at every piece. Refused once SQLite is in use: it counts then.
            if (!_isConfigured)
                _ = Configure(ConfigureMemoryStatus, 0);
            _isConfigured = true;
        }
    }

    [LibraryImport(Name, EntryPoint = "sqlite3_config")]
    private static partial int Configure(int option, int value);

    [LibraryImport(Name, EntryPoint = "sqlite3_open_v2", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, out SqliteHandle database, int flags, nint vfs);

    [LibraryImport(Name, EntryPoint = "sqlite3_close_v2")]
    public static partial int Close(nint database);

    [LibraryImport(Name, EntryPoint = "sqlite3_errmsg")]
    public static partial byte* ErrorMessage(SqliteHandle database);

    [LibraryImport(Name, EntryPoint = "sqlite3_errstr")]
    public static partial byte* ErrorText(int code);

    [LibraryImport(Name, EntryPoint = "sqlite3_extended_errcode")]
    public static partial int ExtendedCode(SqliteHandle database);

    [LibraryImport(Name, EntryPoint = "sqlite3_busy_timeout")]
    public static partial int BusyTimeout(SqliteHandle database, int milliseconds);

    [LibraryImport(Name, EntryPoint = "sqlite3_interrupt")]
    public static partial void Interrupt(SqliteHandle database);

    [LibraryImport(Name, EntryPoint = "sqlite3_get_autocommit")]
    public static partial int IsOutsideTransaction(SqliteHandle database);

    [LibraryImport(Name, EntryPoint = "sqlite3_changes")]
    public static partial int Changes(SqliteHandle database);

    [LibraryImport(Name, EntryPoint = "sqlite3_db_status")]
    private static partial int Status(SqliteHandle database, int what, out int now, out int highest, int reset);

    /// <summary>Pages that the connection has written since it was asked with a reset.</summary>
    public static int PagesWritten(SqliteHandle database, bool reset)
    {
        _ = Status(database, StatusCacheWrite, out var pages, out _, reset ? 1 : 0);
        return pages;
    }

    [LibraryImport(Name, EntryPoint = "sqlite3_libversion")]
    public static partial byte* Version();

    [LibraryImport(Name, EntryPoint = "sqlite3_prepare_v3")]
    public static partial int Prepare(SqliteHandle database, byte* sql, int octets, uint flags, out nint statement, out byte* tail);

    [LibraryImport(Name, EntryPoint = "sqlite3_finalize")]
    public static partial int Finalize(nint statement);

    [LibraryImport(Name, EntryPoint = "sqlite3_step")]
    public static partial int Step(nint statement);

    [LibraryImport(Name, EntryPoint = "sqlite3_reset")]
    public static partial int Reset(nint statement);

    [LibraryImport(Name, EntryPoint = "sqlite3_stmt_readonly")]
    public static partial int IsReadOnly(nint statement);

    [LibraryImport(Name, EntryPoint = "sqlite3_clear_bindings")]
    public static partial int ClearBindings(nint statement);

    [LibraryImport(Name, EntryPoint = "sqlite3_bind_parameter_count")]
    public static partial int ParameterCount(nint statement);

    [LibraryImport(Name, EntryPoint = "sqlite3_bind_parameter_name")]
    public static partial byte* ParameterName(nint statement, int index);

    // Those that only set a value are over sooner than the collector could want to interrupt them.
    [LibraryImport(Name, EntryPoint = "sqlite3_bind_null"), SuppressGCTransition]
    public static partial int BindNull(nint statement, int index);

    [LibraryImport(Name, EntryPoint = "sqlite3_bind_int64"), SuppressGCTransition]
    public static partial int BindInteger(nint statement, int index, long value);

    [LibraryImport(Name, EntryPoint = "sqlite3_bind_double")]
    public static partial int BindReal(nint statement, int index, double value);

    [LibraryImport(Name, EntryPoint = "sqlite3_bind_text")]
    public static partial int BindText(nint statement, int index, byte* text, int octets, nint ownership);

    [LibraryImport(Name, EntryPoint = "sqlite3_bind_text"), SuppressGCTransition]
    public static partial int BindTextInPlace(nint statement, int index, byte* text, int octets, nint ownership);

    [LibraryImport(Name, EntryPoint = "sqlite3_bind_blob"), SuppressGCTransition]
    public static partial int BindBlobInPlace(nint statement, int index, byte* blob, int octets, nint ownership);

    [LibraryImport(Name, EntryPoint = "sqlite3_bind_blob")]
    public static partial int BindBlob(nint statement, int index, byte* blob, int octets, nint ownership);

    [LibraryImport(Name, EntryPoint = "sqlite3_bind_zeroblob")]
    public static partial int BindZeroBlob(nint statement, int index, int octets);

    [LibraryImport(Name, EntryPoint = "sqlite3_column_count")]
    public static partial int ColumnCount(nint statement);

    [LibraryImport(Name, EntryPoint = "sqlite3_column_name")]
    public static partial byte* ColumnName(nint statement, int column);

    [LibraryImport(Name, EntryPoint = "sqlite3_column_decltype")]
    public static partial byte* ColumnDeclaration(nint statement, int column);

    [LibraryImport(Name, EntryPoint = "sqlite3_column_type")]
    public static partial int ColumnType(nint statement, int column);

    [LibraryImport(Name, EntryPoint = "sqlite3_column_int64")]
    public static partial long ColumnInteger(nint statement, int column);

    [LibraryImport(Name, EntryPoint = "sqlite3_column_double")]
    public static partial double ColumnReal(nint statement, int column);

    [LibraryImport(Name, EntryPoint = "sqlite3_column_text")]
    public static partial byte* ColumnText(nint statement, int column);

    [LibraryImport(Name, EntryPoint = "sqlite3_column_blob")]
    public static partial byte* ColumnBlob(nint statement, int column);

    [LibraryImport(Name, EntryPoint = "sqlite3_column_bytes")]
    public static partial int ColumnOctets(nint statement, int column);
}
