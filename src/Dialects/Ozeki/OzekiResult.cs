namespace Switchhook.Dialects.Ozeki;

/// <summary>How a call came out. The names are the vendor's words for it.</summary>
internal enum OzekiResult
{
    Completed,
    Transferred,
    Cancelled,
    Busy,
    NoAnswer,
    NotFound,
    Error,
}
