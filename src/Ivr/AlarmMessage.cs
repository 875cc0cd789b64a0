namespace Switchhook.Ivr;

/// <summary>What an alarm message says happened.</summary>
public enum AlarmQualifier
{
    /// <summary>An event, or an opening.</summary>
    NewEvent,
    /// <summary>A restore, or a closing.</summary>
    NewRestore,
    /// <summary>Something reported before is still so.</summary>
    StatusReport,
}

/// <summary>A Contact ID message of an alarm panel (SIA DC-05 §3).</summary>
/// <param name="Account">Four digits, 0–9 and B–F.</param>
/// <param name="Qualifier">What happened.</param>
/// <param name="EventCode">Three digits.</param>
/// <param name="Partition">Two digits.</param>
/// <param name="Zone">Zone or user, three digits.</param>
public sealed record AlarmMessage(string Account, AlarmQualifier Qualifier, string EventCode, string Partition, string Zone)
{
    /// <summary>What the event code stands for, or its group; for one of neither, the code itself.</summary>
    public string EventName => EventCode switch
    {
        "100" => "Medical alarm",
        "101" => "Personal emergency",
        "110" => "Fire alarm",
        "111" => "Smoke",
        "113" => "Water flow",
        "114" => "Heat",
        "115" => "Pull station",
        "120" => "Panic alarm",
        "121" => "Duress",
        "122" => "Silent panic",
        "123" => "Audible panic",
        "130" => "Burglary",
        "131" => "Perimeter",
        "132" => "Interior",
        "133" => "24 hour",
        "134" => "Entry or exit",
        "137" => "Tamper",
        "140" => "General alarm",
        "151" => "Gas detected",
        "154" => "Water leakage",
        "158" => "High temperature",
        "159" => "Low temperature",
        "162" => "Carbon monoxide detected",
        "301" => "AC loss",
        "302" => "Low system battery",
        "305" => "System reset",
        "321" => "Bell 1",
        "350" => "Communication trouble",
        "373" => "Fire trouble",
        "380" => "Sensor trouble",
        "381" => "Loss of supervision, RF",
        "383" => "Sensor tamper",
        "384" => "RF low battery",
        "401" => "Opened or closed by user",
        "403" => "Opened or closed automatically",
        "406" => "Cancelled by user",
        "407" => "Armed or disarmed remotely",
        "441" => "Armed, stay",
        "570" => "Zone bypassed",
        "601" => "Manual test",
        "602" => "Periodic test",
        ['1', ..] => "Alarm",
        ['2', ..] => "Supervisory",
        ['3', ..] => "Trouble",
        ['4', ..] => "Opening, closing or access",
        ['5', ..] => "Bypass or disable",
        ['6', ..] => "Test or miscellaneous",
        _ => EventCode,
    };
}

public abstract partial record Verb
{
    /// <summary>Waits for the alarm receiver at the other end and gives it the message; the call ends when the receiver has acknowledged it.</summary>
    public sealed record SendAlarm(AlarmMessage Message, int Line) : Verb("SendAlarmNotification", Line);

    /// <summary>Receives a message of an alarm panel; its parts are kept as variables, then the verbs run.</summary>
    public sealed record ReceiveAlarm(System.Collections.Immutable.ImmutableArray<Verb> Received, int Line) : Verb("ReceiveAlarmNotification", Line);
}
