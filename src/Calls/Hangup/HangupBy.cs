namespace Switchhook.Calls.Hangup;

/// <summary>Who ended a leg. <see cref="Word"/> is the short form of records, metrics and filters.</summary>
public abstract record HangupBy
{
    /// <summary>The one word that names the party: <c>caller</c>, <c>api</c>, <c>timer</c> and so on.</summary>
    public abstract string Word { get; }

    /// <summary>What stands behind the word (dialect and account, timer, rule …), or null.</summary>
    public virtual string? Detail => null;

    /// <summary>The calling side hung up.</summary>
    public sealed record Caller : HangupBy { public override string Word => "caller"; }

    /// <summary>The called side hung up, refused or was busy.</summary>
    public sealed record Callee : HangupBy { public override string Word => "callee"; }

    /// <summary>An application asked over HTTP.</summary>
    public sealed record Api(string Dialect, string? Account) : HangupBy
    {
        public override string Word => "api";
        public override string? Detail => Account is null ? Dialect : $"{Dialect}/{Account}";
    }

    /// <summary>A verb of the script that ran on the call; the line counts from 1, 0 when unknown.</summary>
    public sealed record Script(string Verb, int Line) : HangupBy
    {
        public override string Word => "script";
        public override string? Detail => Line > 0 ? $"{Verb}, line {Line}" : Verb;
    }

    /// <summary>A timer of ours ran out.</summary>
    public sealed record Timer(CallTimer Which) : HangupBy
    {
        public override string Word => "timer";
        public override string? Detail => Which switch
        {
            CallTimer.Ring => "ring",
            CallTimer.MaxDuration => "maximum duration",
            CallTimer.MediaSilence => "media silence",
            CallTimer.Session => "session-timer",
            CallTimer.Idle => "idle",
            CallTimer.Gather => "gather",
        };
    }

    /// <summary>A rule of the exchange: no route, not allowed, limits.</summary>
    public sealed record Policy(string Rule) : HangupBy
    {
        public override string Word => "policy";
        public override string? Detail => Rule;
    }

    /// <summary>The call was moved elsewhere.</summary>
    public sealed record Transfer : HangupBy { public override string Word => "transfer"; }

    /// <summary>The server is stopping.</summary>
    public sealed record Shutdown : HangupBy { public override string Word => "shutdown"; }

    /// <summary>Cleared on start after a crash.</summary>
    public sealed record Recovery : HangupBy { public override string Word => "recovery"; }

    /// <summary>Something broke: transport, far side silent, a bug.</summary>
    public sealed record Fault(string What) : HangupBy
    {
        public override string Word => "fault";
        public override string? Detail => What;
    }
}

/// <summary>The timers a call may run.</summary>
public enum CallTimer
{
    /// <summary>How long the called side may ring.</summary>
    Ring,
    /// <summary>The longest a call may last.</summary>
    MaxDuration,
    /// <summary>No packet came from an answered leg that is not on hold.</summary>
    MediaSilence,
    /// <summary>The session timer of RFC 4028.</summary>
    Session,
    /// <summary>A call nobody does anything with.</summary>
    Idle,
    /// <summary>How long a key may take that is waited for. It never ends a call.</summary>
    Gather,
}
