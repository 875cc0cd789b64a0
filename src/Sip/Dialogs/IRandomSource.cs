namespace Switchhook.Sip.Dialogs;

/// <summary>Where tags, branches and Call-IDs come from. They must not be guessable (RFC 3261 §19.3), so production uses a strong source.</summary>
public interface IRandomSource
{
    /// <summary>64 random bits.</summary>
    ulong Next();
}
