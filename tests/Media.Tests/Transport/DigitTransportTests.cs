using Switchhook.Media.Prompts;
using Switchhook.Media.Tones;

namespace Switchhook.Media.Tests.Transport;

public sealed class DigitTransportTests : IDisposable
{
    private readonly Studio _studio = new();

    public void Dispose() => _studio.Dispose();

    [Fact]
    public void A_key_press_is_heard_once()
    {
        var (phone, session) = _studio.Leg();

        Press(phone, 5);
        Press(phone, 10);

        Assert.Equal([(session, '5', 100), (session, '*', 100)], _studio.Heard.Digits);
    }

    [Fact]
    public void A_key_is_told_with_its_first_packet_and_again_when_it_is_let_go()
    {
        var (phone, session) = _studio.Leg();

        phone.SendEvent(5, end: false, 160, marker: true);
        _studio.Settle();
        var (begun, over) = (_studio.Heard.Begun.ToArray(), _studio.Heard.Digits.Count);
        phone.SendEvent(5, end: false, 320);
        for (var i = 0; i < 3; i++) phone.SendEvent(5, end: true, 480);
        _studio.Settle();

        Assert.Equal([(session, '5')], begun);
        Assert.Equal(0, over);
        Assert.Equal([(session, '5')], _studio.Heard.Begun);
        Assert.Equal([(session, '5', 60)], _studio.Heard.Digits);
    }

    [Fact]
    public void A_key_of_which_the_last_packet_alone_comes_is_told_both_ways_too()
    {
        var (phone, session) = _studio.Leg();

        phone.SendEvent(9, end: true, 800, marker: false);
        _studio.Settle();

        Assert.Equal([(session, '9')], _studio.Heard.Begun);
        Assert.Equal([(session, '9', 100)], _studio.Heard.Digits);
    }

    [Fact]
    public void A_key_press_whose_end_is_lost_is_heard_after_a_while()
    {
        var (phone, session) = _studio.Leg();
        phone.SendEvent(7, end: false, 320, marker: true);
        _studio.Settle();
        Assert.Empty(_studio.Heard.Digits);

        _studio.Pass(500);

        Assert.Equal([(session, '7', 40)], _studio.Heard.Digits);
    }

    [Fact]
    public void Digits_are_sent_as_events_that_a_session_hears_again()
    {
        var (phone, a) = _studio.Leg();
        a.SendDigits("1*x#");
        _studio.Pass(600);

        var heard = phone.ReceiveAll();

        Assert.Equal(21, heard.Count);
        Assert.All(heard, p => Assert.Equal(101, p.PayloadType));
        Assert.Equal("1*#", string.Concat(heard.DistinctBy(p => p.Timestamp).Select(p => "0123456789*#"[p.Payload[0]])));
        Assert.Equal(3, heard.Count(p => p.Marker));
        Assert.Equal(9, heard.Count(p => (p.Payload[1] & 0x80) != 0));
        Assert.Equal(Enumerable.Range(0, 21), heard.Select(p => (int)(ushort)(p.Sequence - heard[0].Sequence)));
        var starts = heard.Select(p => p.Timestamp).Distinct().ToArray();
        Assert.Equal([1_280u, 1_280u], starts.Zip(starts.Skip(1), (x, y) => y - x));
    }

    [Fact]
    public void A_relayed_key_press_passes_with_the_partners_payload_type_and_is_heard_too()
    {
        var ((alice, a), (bob, b)) = (_studio.Leg(), _studio.Leg(events: 96));
        a.Bridge(b);
        alice.Send();

        Press(alice, 3);

        var heard = bob.ReceiveAll();
        Assert.Equal([0, 96, 96, 96, 96, 96, 96, 96], heard.Select(p => p.PayloadType));
        Assert.Single(heard.Skip(1).Select(p => p.Timestamp).Distinct());
        Assert.Equal(heard[0].Timestamp + 160, heard[1].Timestamp);
        Assert.Equal([(a, '3', 100)], _studio.Heard.Digits);
    }

    [Fact]
    public void A_partner_without_events_hears_tones_and_misses_no_sequence_number()
    {
        var ((alice, a), (bob, b)) = (_studio.Leg(), _studio.Leg(events: null));
        a.Bridge(b);

        alice.Send();
        Press(alice, 3);
        _studio.Pass(300);
        alice.Send();
        _studio.Settle();

        var heard = bob.ReceiveAll();
        Assert.Equal(Enumerable.Range(0, 10), heard.Select(p => (int)(ushort)(p.Sequence - heard[0].Sequence)));
        Assert.All(heard, p => Assert.Equal(0, p.PayloadType));
    }

    [Fact]
    public void A_prompt_waits_for_digits_and_its_audio_comes_after_them_in_time()
    {
        var (phone, session) = _studio.Leg();
        session.Play(Prompt.FromTone("beep", Tone.Beep, TimeSpan.FromMilliseconds(100)), loop: false);
        _studio.Pass(40);
        session.SendDigits("9");
        _studio.Pass(400);

        var heard = phone.ReceiveAll();

        Assert.Equal((5, 7), (heard.Count(p => p.PayloadType == 0), heard.Count(p => p.PayloadType == 101)));
        var (lastEvent, nextAudio) = (heard.Last(p => p.PayloadType == 101), heard.SkipWhile(p => p.PayloadType == 0).First(p => p.PayloadType == 0));
        Assert.True(nextAudio.Timestamp - lastEvent.Timestamp >= 800);
        Assert.True(nextAudio.Marker);
    }

    private void Press(Phone phone, byte code)
    {
        for (var i = 1; i <= 7; i++)
        {
            phone.SendEvent(code, i >= 5, Math.Min(i, 5) * 160, marker: i == 1);
            _studio.Settle();
            _studio.Pass(20);
        }

        phone.Timestamp += 8 * 160;
    }
}
