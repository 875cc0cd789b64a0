using Switchhook.Sip.Dialogs;
using static Switchhook.Sip.Dialogs.SessionEffect;
using static Switchhook.Sip.Tests.Dialogs.SessionSamples;

namespace Switchhook.Sip.Tests.Dialogs;

public sealed class DialogUpdateTests
{
    private static readonly DialogUpdate Idle = DialogUpdate.Start;
    private static readonly DialogUpdate Updating = Idle.On(new SessionInput.Update(Request("UPDATE"))).Next;
    private static readonly DialogUpdate UpdatingAgain = Updating.On(new SessionInput.UpdateChallenged(Challenge)).Next;
    private static readonly DialogUpdate Colliding = Updating.On(Collided).Next;
    private static readonly DialogUpdate UpdatingLast = Try(Try(Colliding)).On(SessionInput.UpdateTimerFired.It).Next;
    private static readonly DialogUpdate Updated = Idle.On(Offered(OfferPending.None)).Next;
    private static readonly DialogUpdate Closed = Idle.On(SessionInput.SessionOver.It).Next;

    [Fact]
    public void Every_input_in_every_state_does_what_the_document_says()
    {
        DialogUpdate[] machines = [Idle, Updating, UpdatingAgain, Colliding, UpdatingLast, Updated, Closed];

        var table = SessionTable.Write(
            "UPDATE in a dialog",
            "`DialogUpdate`: offers and refreshes by UPDATE in an early or confirmed dialog (RFC 3311 §5). A test writes and checks this table.",
            machines.Select(machine => (NameOf(machine), machine)), (machine, input) => machine.On(input), NameOf);

        SessionTable.AssertDocumented("dialog-update.md", table);
    }

    [Fact]
    public void An_update_that_meets_an_offer_of_ours_gets_491_and_one_that_meets_theirs_500()
    {
        Assert.Equal([new Reply(Update, 491)], Updating.On(Offered(OfferPending.None)).Effects);
        Assert.Equal([new Reply(Update, 491)], Idle.On(Offered(OfferPending.Ours)).Effects);
        Assert.Equal([new Reply(Update, 500)], Idle.On(Offered(OfferPending.Theirs)).Effects);
        Assert.Equal([new Reply(Update, 500)], Updated.On(Offered(OfferPending.None)).Effects);
    }

    [Fact]
    public void An_update_without_an_offer_is_accepted_whatever_offers_are_pending()
    {
        var refresh = new SessionInput.UpdateReceived(Update, false, OfferPending.Ours);

        Assert.Equal([new AcceptUpdate(Update)], Idle.On(refresh).Effects);
        Assert.Equal([new AcceptUpdate(Update)], Updating.On(refresh).Effects);
    }

    [Fact]
    public void A_pending_update_of_the_far_side_is_answered_487_when_the_session_ends()
    {
        var step = Updated.On(SessionInput.SessionOver.It);

        Assert.Equal([new Reply(Update, 487)], step.Effects);
        Assert.Equal([new Reply(Update, 481)], step.Next.On(Offered(OfferPending.None)).Effects);
    }

    [Fact]
    public void A_pending_update_of_ours_is_left_to_finish_silently_when_the_session_ends()
    {
        var over = Updating.On(SessionInput.SessionOver.It).Next;

        Assert.Empty(over.On(new SessionInput.UpdateSucceeded(Ok)).Effects);
        Assert.Empty(over.On(new SessionInput.UpdateRefused(Unknown)).Effects);
    }

    [Fact]
    public void An_update_answered_491_is_repeated_after_the_wait_three_times_and_then_told()
    {
        Assert.Equal([new StartUpdateTimer(TimeSpan.FromSeconds(2))], Updating.On(Collided).Effects);
        Assert.Equal([new RepeatUpdate(Collision)], Colliding.On(SessionInput.UpdateTimerFired.It).Effects);
        Assert.Equal([new TellReofferAnswered(Collision)], UpdatingLast.On(Collided).Effects);
    }

    [Fact]
    public void An_update_answered_481_or_never_loses_the_dialog()
    {
        Assert.Equal([new TellReofferAnswered(Unknown), new LoseDialog(Unknown)], Updating.On(new SessionInput.UpdateRefused(Unknown)).Effects);
        Assert.Equal([new TellReofferAnswered(null), new LoseDialog(null)], Updating.On(SessionInput.UpdateTimedOut.It).Effects);
    }

    private static SessionInput.UpdateCollided Collided => new(Collision, TimeSpan.FromSeconds(2));

    private static SessionInput.UpdateReceived Offered(OfferPending pending) => new(Update, true, pending);

    private static DialogUpdate Try(DialogUpdate colliding) => colliding.On(SessionInput.UpdateTimerFired.It).Next.On(Collided).Next;

    private static string NameOf(DialogUpdate machine) => machine.State switch
    {
        DialogUpdateState.Updating { Collisions: > 0 } updating => $"Updating (after {updating.Collisions} collisions)",
        DialogUpdateState.Updating { Repeated: true } => "Updating (repeated with credentials)",
        var state => state.GetType().Name,
    };
}
