namespace Switchhook.Calls.Scripts;

/// <summary>Names a script without reading it: a dialect and either the address to ask or the document itself.</summary>
/// <param name="Dialect">The dialect whose words it is written in, such as <c>ozeki</c>.</param>
/// <param name="Url">The application's address, or null.</param>
/// <param name="Document">The script's text, or null; wins over <paramref name="Url"/>.</param>
public sealed record ScriptRef(string Dialect, string? Url, string? Document = null);
