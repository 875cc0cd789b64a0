using Switchhook.Exchange.Alarms;
using Switchhook.Ivr;
using Switchhook.Media.Prompts;
using Switchhook.Media.Tones;

namespace Switchhook.Exchange.Running;

/// <content>Alarm messages of a script: the talk with a panel or a receiver, tone by tone.</content>
internal sealed partial class RunningScript
{
    private const int AlarmTime = 1;

    private IAlarmTalk? _alarm;
    private Sip.Transactions.TimerHandle _alarmTimer;

    private void SendAlarm(AlarmMessage m) => BeginAlarm(new AlarmSender(new ContactId(m.Account, QualifierOf(m.Qualifier), m.EventCode, m.Partition, m.Zone)));

    private void ReceiveAlarm() => BeginAlarm(new AlarmReceiver());

    private void BeginAlarm(IAlarmTalk talk)
    {
        _alarm = talk;
        // The tones of the receiver, which a panel listens for (SIA DC-05 §2).
        _leg.Audio?.Media.ListenForTones(ContactId.Handshake.FirstHz, 2300);
        AlarmGoesOn(new AlarmInput.Begin());
    }

    private void StopAlarm()
    {
        if (_alarm is null)
            return;
        _alarm = null;
        _context.Timers.Cancel(ref _alarmTimer);
        _leg.Audio?.Media.ListenForTones();
        StopAudio();
    }

    /// <summary>A tone of a leg's party is over.</summary>
    public void OnTone(int leg, double frequencyHz, int durationMs)
    {
        if (leg == _leg.Number)
            AlarmGoesOn(new AlarmInput.Tone(frequencyHz, durationMs));
    }

    private void AlarmGoesOn(AlarmInput input)
    {
        if (_alarm is null)
            return;
        var step = _alarm.On(input);
        _alarm = step.Next;
        foreach (var effect in step.Effects)
        {
            switch (effect)
            {
                case AlarmEffect.Play play: Play(Prompt.FromTone("alarm receiver", play.Tone, play.Length), loop: false); break;
                case AlarmEffect.Press press: _leg.SendKeys(press.Keys); break;
                case AlarmEffect.StartTimer start: _context.Timers.Restart(ref _alarmTimer, start.After, this, AlarmTime); break;
                case AlarmEffect.StopTimer: _context.Timers.Cancel(ref _alarmTimer); break;
                case AlarmEffect.Done done: EndAlarm(done.Message); break;
            }
        }
    }

    private void EndAlarm(ContactId? message)
    {
        var sent = _alarm is AlarmSender;
        _alarm = null;
        _leg.Audio?.Media.ListenForTones();
        Give(sent ? new ScriptInput.AlarmSent(message is not null) : new ScriptInput.AlarmReceived(message is null ? null : MessageOf(message)));
    }

    private static AlarmMessage MessageOf(ContactId m) => new(m.Account, m.Qualifier switch
    {
        '3' => AlarmQualifier.NewRestore,
        '6' => AlarmQualifier.StatusReport,
        _ => AlarmQualifier.NewEvent,
    }, m.Code, m.Partition, m.Zone);

    private static char QualifierOf(AlarmQualifier qualifier) => qualifier switch
    {
        AlarmQualifier.NewEvent => '1',
        AlarmQualifier.NewRestore => '3',
        AlarmQualifier.StatusReport => '6',
    };
}
