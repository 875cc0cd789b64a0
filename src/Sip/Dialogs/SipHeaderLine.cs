namespace Switchhook.Sip.Dialogs;

/// <summary>A header row to add to a message. Line ends in it are replaced by blanks.</summary>
/// <param name="Name">The header name as it goes on the wire.</param>
/// <param name="Value">The value.</param>
public readonly record struct SipHeaderLine(string Name, string Value);
