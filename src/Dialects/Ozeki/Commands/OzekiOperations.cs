namespace Switchhook.Dialects.Ozeki.Commands;

/// <summary>What each command does; a command has passed the checks before its own parameters.</summary>
internal static class OzekiOperations
{
    public static ValueTask<Wire.OzekiAnswer> RunAsync(string command, OzekiAsk ask, OzekiPorts ports, CancellationToken cancellation) => command switch
    {
        "Call" => OzekiCall.RunAsync(ask, ports, cancellation),
        "CallSetup" => OzekiCallSetup.RunAsync(ask, ports, cancellation),
        OzekiRequest.Name => OzekiRequest.RunAsync(ask, ports, cancellation),
        OzekiAlarm.Name => OzekiAlarm.RunAsync(ask, ports, cancellation),
        "Hangup" => OzekiHangup.RunAsync(ask, ports, cancellation),
        "Hold" => OzekiHold.HoldAsync(ask, ports, cancellation),
        "Unhold" => OzekiHold.UnholdAsync(ask, ports, cancellation),
        "BlindTransfer" => OzekiTransfer.BlindAsync(ask, ports, cancellation),
        "AttendedTransfer" => OzekiTransfer.AttendedAsync(ask, ports, cancellation),
        "ForwardCall" => OzekiTransfer.ForwardAsync(ask, ports, cancellation),
        "ListActiveCalls" => new(OzekiListActiveCalls.Run(ask, ports)),
        "ListCallHistory" => OzekiListCallHistory.RunAsync(ask, ports, cancellation),
        "ListExtensions" => new(OzekiListExtensions.Run(ask, ports)),
        "Play" => OzekiSound.PlayAsync(ask, ports, cancellation),
        "Speak" => OzekiSound.SpeakAsync(ask, ports, cancellation),
        OzekiRecord.Name => OzekiRecord.RunAsync(ask, ports, cancellation),
        "SendDTMF" => OzekiSound.SendDtmfAsync(ask, ports, cancellation),
        "ListExtensionTypes" => new(OzekiListExtensions.ListTypes()),
        "ListAddressbookNames" => new(OzekiAddressBooks.ListNames(ask)),
        "ListAddressbookContacts" => new(OzekiAddressBooks.ListContacts(ask)),
        OzekiSendSms.Name => new(OzekiSendSms.Run(ask, ports)),
        OzekiSendEmail.Name => OzekiSendEmail.RunAsync(ask, ports, cancellation),
        "SendMessage" => new(OzekiMessageGateway.RunSend(ask, ports)),
        "ReceiveMessage" => new(OzekiMessageGateway.RunReceive(ask, ports)),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "A served command without an operation."),
    };
}
