using System.Text;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Tests.Dialogs;

/// <summary>
/// Whatever comes to a subscription's dialog in whatever order: every request in it is answered once, every NOTIFY has one outcome, and nothing
/// follows the end (RFC 6665 §4.2).
/// </summary>
public sealed class NotifierOrderTests
{
    private enum What
    {
        Refresh, RefreshRefused, RefreshLeftAlone, Overtaken, OtherMethod, Stranger, AnotherCall,
        Notify, Trying, Taken, Refused, Later, Challenged, Waited, WaitedLong, Closed,
    }

    [Fact]
    public void Every_request_is_answered_once_and_every_NOTIFY_told_of_once() => Orders.Play<What>(
        nameof(Every_request_is_answered_once_and_every_NOTIFY_told_of_once), Enum.GetValues<What>(), static (_, order) => new Scene().Play(order), usual: 500);

    /// <summary>A notifier of ours, and a subscriber that says whatever the order says.</summary>
    private sealed class Scene : ISipUserAgentHandler, INotifierUser
    {
        private readonly SimulatedNetwork _network = new(1);
        private readonly SipUserAgent _agent;
        private readonly ScriptedPeer _peer;
        private readonly List<(string Branch, int Status)> _expected = [];
        private NotifierDialog _dialog = null!;
        private What _doing;
        private int _cseq = 1;
        private int _sent;
        private int _told;
        private bool _isClosed;

        public Scene()
        {
            _agent = _network.Add(1, this);
            _peer = new ScriptedPeer(_network);
        }

        public void Play(IEnumerable<What> order)
        {
            Ask("SUBSCRIBE", "<sip:us@10.0.0.1>", _cseq, 200);
            foreach (var what in order)
            {
                _doing = what;
                Do(what);
            }

            _network.Run();
            if (!_isClosed) Assert.Equal(_sent, _told);
            Close();
            Ask("SUBSCRIBE", To, ++_cseq, 481);
            _network.Run();
            Check();
            Assert.Equal((0, 0, 0), (_agent.LiveDialogs, _agent.Stack.LiveTransactions, _network.Timers.LiveTimers));
        }

        public void OnInvite(IncomingInvite invite) => invite.Reply(486);

        public void OnRequest(IncomingRequest request)
        {
            Assert.True(_agent.TryMakeNotifier(request, this, "us", out var dialog));
            _dialog = dialog;
            dialog.Accept(request, 600);
        }

        public void OnSubscribe(NotifierDialog dialog, IncomingRequest subscribe)
        {
            Assert.False(_isClosed, "a SUBSCRIBE after the end");
            if (_doing == What.RefreshRefused) subscribe.Reply(423);
            else if (_doing != What.RefreshLeftAlone) dialog.Accept(subscribe, 600);
        }

        public void OnNotified(NotifierDialog dialog, SipResponse? final)
        {
            Assert.False(_isClosed, "told after the end");
            Assert.True(++_told <= _sent, "told of what was never sent");
        }

        private string To => $"<sip:us@10.0.0.1>;tag={Encoding.UTF8.GetString(_peer.Responses(SipMethod.Subscribe)[0].ToTag)}";

        private void Do(What what)
        {
            switch (what)
            {
                case What.Refresh: Ask("SUBSCRIBE", To, ++_cseq, _isClosed ? 481 : 200); break;
                case What.RefreshRefused: Ask("SUBSCRIBE", To, ++_cseq, _isClosed ? 481 : 423); break;
                case What.RefreshLeftAlone: Ask("SUBSCRIBE", To, ++_cseq, _isClosed ? 481 : 500); break;
                case What.Overtaken: Ask("SUBSCRIBE", To, 0, _isClosed ? 481 : 500); break;
                case What.OtherMethod: Ask("MESSAGE", To, ++_cseq, _isClosed ? 481 : 405); break;
                case What.Stranger: Ask("SUBSCRIBE", To, ++_cseq, 481, fromTag: "stranger"); break;
                case What.AnotherCall: Ask("SUBSCRIBE", To, ++_cseq, 481, callId: "another"); break;
                case What.Notify when !_isClosed:
                    if (_dialog.Notify("dialog", "active;expires=600", "text/plain"u8, "x"u8)) _sent++;
                    _network.RunFor(TimeSpan.Zero);
                    break;
                case What.Trying: Answer(100); break;
                case What.Taken: Answer(200); break;
                case What.Refused: Answer(481); break;
                case What.Later: Answer(500, "Retry-After: 5"); break;
                case What.Challenged: Answer(401, "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\""); break;
                case What.Waited: _network.RunFor(TimeSpan.FromSeconds(1)); break;
                case What.WaitedLong: _network.RunFor(TimeSpan.FromSeconds(33)); break;
                case What.Closed: Close(); break;
            }
        }

        private void Close()
        {
            _isClosed = true;
            _dialog.Close();
        }

        private void Ask(string method, string to, int cseq, int status, string fromTag = "peer", string callId = "call")
        {
            var text = _peer.Request(method, to, cseq, callId, fromTag, rows: ["Event: dialog", "Expires: 600"]);
            var branch = text[(text.IndexOf("branch=", StringComparison.Ordinal) + 7)..];
            _expected.Add((branch[..branch.IndexOf(';')], status));
        }

        /// <summary>Answers the last NOTIFY, whether it was answered before or not.</summary>
        private void Answer(int status, params string[] rows)
        {
            if (_peer.All(SipMethod.Notify) is [.., var last]) _peer.Reply(last, status, rows: rows);
        }

        private void Check()
        {
            var answers = _peer.Received.OfType<SipResponse>().Where(static r => r.CSeq.Method != SipMethod.Notify).Select(static r => (Encoding.UTF8.GetString(r.Branch), r.Status));
            Assert.Equal(_expected, answers);
            var numbers = _peer.All(SipMethod.Notify).DistinctBy(static n => Encoding.UTF8.GetString(n.Branch)).Select(static n => n.CSeq.Number).ToArray();
            Assert.Equal(_sent, numbers.Length);
            Assert.Equal(numbers.Distinct().Order(), numbers);
        }
    }
}
