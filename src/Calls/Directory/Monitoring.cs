namespace Switchhook.Calls.Directory;

/// <summary>What an extension may do to the calls of others of its account.</summary>
public enum Monitoring
{
    /// <summary>Listen, whisper and barge in.</summary>
    Extensive,
    /// <summary>Hear the call and be heard by nobody.</summary>
    Listen,
    /// <summary>Be heard by the one who is monitored.</summary>
    Whisper,
    /// <summary>Be heard by all.</summary>
    BargeIn,
    /// <summary>Nothing of that.</summary>
    Disabled,
}
