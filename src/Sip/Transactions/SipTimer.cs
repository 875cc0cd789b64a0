namespace Switchhook.Sip.Transactions;

/// <summary>The transaction timers by their letters in RFC 3261 table 4 and RFC 6026 §7.</summary>
public enum SipTimer
{
    /// <summary>INVITE request repeated, unreliable transports only.</summary>
    A,

    /// <summary>INVITE transaction given up.</summary>
    B,

    /// <summary>Repeated final answers to an INVITE absorbed.</summary>
    D,

    /// <summary>Non-INVITE request repeated, unreliable transports only.</summary>
    E,

    /// <summary>Non-INVITE transaction given up.</summary>
    F,

    /// <summary>Final answer to an INVITE repeated, unreliable transports only.</summary>
    G,

    /// <summary>Waiting for the ACK given up.</summary>
    H,

    /// <summary>Repeated ACKs absorbed.</summary>
    I,

    /// <summary>Repeated non-INVITE requests absorbed.</summary>
    J,

    /// <summary>Repeated answers to a non-INVITE request absorbed.</summary>
    K,

    /// <summary>Repeated INVITEs absorbed after a 2xx (RFC 6026).</summary>
    L,

    /// <summary>Repeated 2xx passed up (RFC 6026).</summary>
    M,

    /// <summary>The 200 ms after which an INVITE without any answer gets 100 Trying (RFC 3261 §17.2.1); it has no letter.</summary>
    Trying,
}

/// <summary>The durations all transaction timers derive from (RFC 3261 §17.1.1.1 and table 4).</summary>
public static class SipTimings
{
    /// <summary>Round-trip estimate, 500 ms.</summary>
    public static readonly TimeSpan T1 = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest interval between two repeats of a non-INVITE request or an INVITE answer, 4 s.</summary>
    public static readonly TimeSpan T2 = TimeSpan.FromSeconds(4);

    /// <summary>Longest time a message stays in the network, 5 s.</summary>
    public static readonly TimeSpan T4 = TimeSpan.FromSeconds(5);

    /// <summary>64*T1 = 32 s: when a transaction without an answer is given up; also timers D, H, J, L and M.</summary>
    public static readonly TimeSpan GiveUp = 64 * T1;

    /// <summary>200 ms: how long the user of an INVITE may take before 100 Trying is sent for it.</summary>
    public static readonly TimeSpan AnswerGrace = TimeSpan.FromMilliseconds(200);
}
