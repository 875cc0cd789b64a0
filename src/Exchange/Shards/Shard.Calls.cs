using System.Collections.Immutable;
using System.Text;
using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Machine;
using Switchhook.Calls.Ports;
using Switchhook.Exchange.Identity;
using Switchhook.Exchange.Routing;
using Switchhook.Exchange.Running;
using Switchhook.Sip;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;

namespace Switchhook.Exchange.Shards;

/// <summary>How calls begin: from an INVITE, or because an application asked.</summary>
internal sealed partial class Shard : ISipUserAgentHandler
{
    private static readonly SipHeaderLine RetryAfter = new("Retry-After", "5");
    private static readonly SipRefusal NoRoom =
        new(SipStatus.ServiceUnavailable, [(RetryAfter.Name, RetryAfter.Value), ("Reason", CauseTable.ToReason(HangupCause.SwitchCongestion))]);

    public void OnRequest(IncomingRequest request)
    {
        switch (request.Request.Method)
        {
            case SipMethod.Subscribe: FromPhone(request, context.Subscriptions.OnSubscribe); break;
            case SipMethod.Message: FromPhone(request, context.Messages.OnMessage); break;
            default: gate.OnRequest(request); break;
        }
    }

    /// <summary>For phones of ours alone.</summary>
    private void FromPhone(IncomingRequest request, Action<IncomingRequest, Extension> work)
    {
        switch (gate.Identify(request))
        {
            case CallerIdentity.Phone phone: work(request, phone.Extension); break;
            case CallerIdentity.Peer:
                context.Counts.Reject("peer");
                request.Reply(403);
                break;
        }
    }

    public SipRefusal? RefusalOf(SipRequest invite)
    {
        if (Refuse() is not { } rule)
            return null;
        context.Counts.Reject(rule);
        return NoRoom;
    }

    public void OnInvite(IncomingInvite invite)
    {
        if (HasLooped(invite.Request))
        {
            context.Counts.Reject("loop");
            invite.Reply(482);
            return;
        }
        if (gate.Identify(invite) is not { } caller)
            return;
        if (!SipUri.TryParse(invite.Request.RequestUri, out var uri) || uri.Scheme is SipScheme.Other)
        {
            invite.Reply(416);
            return;
        }
        if (SipNumbers.Of(uri) is not { Length: > 0 and <= 256 } dialed)
        {
            invite.Reply(404);
            return;
        }
        if (invite.Request.Has(HeaderName.Replaces))
            Replace(invite, caller);
        else
            Begin(invite, caller, dialed);
    }

    /// <summary>
    /// Our own INVITE has come back and asks for what its call was asked for already: it would go round again (RFC 3261 §16.3 item 4). One
    /// that asks for another number is a spiral and no loop.
    /// </summary>
    private bool HasLooped(SipRequest request) =>
        context.Agent.FindReturned(request)?.Context is RunningLeg { Call: { } running }
        && SipUri.TryParse(request.RequestUri, out var uri) && SipNumbers.Of(uri) == running.Call.Dialed;

    private string? Refuse() => context.Journal.HasRoom ? admission.Refuse(context.Counts.LiveCalls) : "journal behind";

    private void Begin(IncomingInvite invite, CallerIdentity caller, string dialed)
    {
        admission.Count();
        var offer = Offered(invite, caller, dialed, out var account);
        var route = offer is null
            ? DialPlan.ForInbound(directory.Current, caller, dialed, context.Trunks)
            : new Route(offer.Plan, dialed, account);
        route = route with { Plan = context.Targets.ExpandPlan(route.Plan) };
        var routing = DialPlan.Interception(directory.Current, (caller as CallerIdentity.Phone)?.Extension.Account, route);
        var id = ids.NextCall();
        LegAudio? audio = null;
        if (routing is not null || route.Plan is not CallPlan.Refused)
        {
            if (context.Media.TryOpen(new LegAddress(id, 1)) is { } media)
                audio = new LegAudio(media);
            else
                (route, routing) = (route with { Plan = new CallPlan.Refused(HangupCause.NormalCircuitCongestion, "no RTP port free") }, null);
        }
        if (audio is not null && !invite.Request.Description.IsEmpty && !(audio.TakeOffer(invite.Request.Description.Span) && audio.CanAnswer))
            (route, routing) = (route with { Plan = new CallPlan.Refused(HangupCause.IncompatibleDestination, "no common codec") }, null);

        var call = Describe(id, invite, caller, dialed, route) with { Routing = routing };
        if (offer is not null)
            call = call with { Legs = [call.Legs[0] with { Details = offer.Details }], OnceAnswered = offer.OnceAnswered };
        var running = new RunningCall(call, context);
        context.Add(running);
        var leg = running.Leg(1);
        leg.Audio = audio;
        leg.Session = invite.Accept(running, leg, "switchhook");
        leg.Session.Credentials = context.Targets.LoginOf(call.Legs[0].Trunk);
        context.Trace.Follow(invite.Request, id, received: true);
        running.Mark(leg, leg.Session.CallId);
        With(id, static c =>
        {
            c.Give(new CallInput.Begin());
            c.KeepUnanswered(c.Leg(1));
        });
    }

    /// <summary>What an application's dialect makes of a call to its number; null for a number that is nobody's of them.</summary>
    private NumberOffer? Offered(IncomingInvite invite, CallerIdentity caller, string dialed, out string? account)
    {
        var current = directory.Current;
        account = null;
        if (context.Applications.Count == 0 || current.Number(dialed) is not { } number)
            return null;
        var arriving = new ArrivingCall(PartyOf(invite.Request, caller), ArrivingHeaders.Of(invite.Request));
        foreach (var dialect in context.Applications)
        {
            if (dialect.Offer(number, current, arriving) is not { } offer)
                continue;
            account = number.Account;
            return offer;
        }
        return null;
    }

    private Call Describe(CallId id, IncomingInvite invite, CallerIdentity caller, string dialed, Route route)
    {
        var now = context.Now();
        var (kind, account, extension, trunk) = caller switch
        {
            CallerIdentity.Phone phone => (CallOriginKind.Extension, phone.Extension.Account, phone.Extension.Number, (string?)null),
            CallerIdentity.Peer peer => (CallOriginKind.Trunk, null, null, peer.Trunk.Name),
            _ => throw new InvalidOperationException($"no such caller: {caller}"),
        };
        var party = PartyOf(invite.Request, caller);
        return new Call
        {
            Id = id,
            Origin = new CallOrigin { Kind = kind, Account = account ?? route.Account, ApiExtension = route.ApiExtension },
            Plan = route.Plan,
            Caller = party,
            Dialed = dialed,
            CalleeDialed = route.CalleeDialed,
            Accounts = Once(account, route.Account, TargetAccount(route.Plan)),
            MaxDuration = maxDuration,
            State = new CallState.Trying(),
            StartedAt = now,
            Legs =
            [
                new Leg
                {
                    Id = new LegId(id, 1),
                    Direction = LegDirection.Inbound,
                    Role = LegRole.Caller,
                    Party = party,
                    Extension = extension,
                    Trunk = trunk,
                    State = new LegState.Trying(),
                    StartedAt = now,
                },
            ],
        };
    }

    /// <summary>Those there are, none twice.</summary>
    private static ImmutableArray<string> Once(params ReadOnlySpan<string?> accounts)
    {
        ImmutableArray<string> once = [];
        foreach (var account in accounts)
        {
            if (account is not null && !once.Contains(account))
                once = once.Add(account);
        }
        return once;
    }

    private string? TargetAccount(CallPlan plan) =>
        plan is CallPlan.Connect { Target: LegTarget.Extension target } ? directory.Current.Extension(target.Number)?.Account : null;

    private static Party PartyOf(SipRequest invite, CallerIdentity caller)
    {
        if (caller is CallerIdentity.Phone phone)
            return new Party(phone.Extension.Number, phone.Extension.Name, AssertedCaller.IsWithheld(invite));
        return AssertedCaller.FromPeer(invite);
    }

    private void Originate(CallCommand.Originate asked, TaskCompletionSource<CallReply> waiter)
    {
        if (Refuse() is { } rule)
        {
            waiter.TrySetResult(new CallReply(rule switch
            {
                "stopping" => CallRefusal.ShuttingDown,
                "journal behind" => CallRefusal.Congestion,
                _ => CallRefusal.TooManyCalls,
            }, null));
            return;
        }
        var second = (asked.Then as OnAnswer.Connect)?.Number;
        if (Target(asked.Dialed, out var first) is var refusal and not CallRefusal.None && !(asked.EvenUnreachable && refusal == CallRefusal.NotRegistered))
        {
            waiter.TrySetResult(new CallReply(refusal, null));
            return;
        }
        LegTarget? then = null;
        if (second is not null && Target(second, out then) is var no and not CallRefusal.None)
        {
            waiter.TrySetResult(new CallReply(no, null));
            return;
        }
        admission.Count();
        var running = new RunningCall(Describe(asked, first!, then), context);
        context.Add(running);
        With(running.Call.Id, static c => c.Give(new CallInput.Begin()));
        // Who was told of a call will be told of its end, whatever happens: the call is in the log first.
        context.Journal.Release(waiter, new CallReply(CallRefusal.None, running.Call));
    }

    /// <summary>The target of a number we are to call, checked for being reachable as far as that is known now.</summary>
    private CallRefusal Target(string number, out LegTarget? target)
    {
        target = DialPlan.ForOutbound(directory.Current, number, context.Trunks);
        if (target is null)
            return CallRefusal.NoRoute;
        return context.Targets.TryFind(target, out _, out _) ? CallRefusal.None : CallRefusal.NotRegistered;
    }

    /// <summary>Whether a number leads anywhere. Safe from any thread.</summary>
    public CallRefusal Reach(string number) => DialPlan.ForOutbound(directory.Current, number, context.Trunks) is null ? CallRefusal.NoRoute : CallRefusal.None;

    private Call Describe(CallCommand.Originate asked, LegTarget first, LegTarget? second)
    {
        var (id, now) = (ids.NextCall(), context.Now());
        // With two numbers the first one rung is the caller; a script's only party is the called one.
        var role = second is null ? LegRole.Callee : LegRole.Caller;
        var toNumber = second is null ? asked.Dialed : ((OnAnswer.Connect)asked.Then).Number;
        return new Call
        {
            Id = id,
            Origin = new CallOrigin { Kind = CallOriginKind.Api, Dialect = asked.Dialect, Account = asked.Account, ApiExtension = asked.ApiExtension },
            Plan = new CallPlan.Originated(first, asked.Then, second, asked.RingTime),
            Caller = asked.Caller,
            Dialed = toNumber,
            CalleeDialed = (second ?? first) is LegTarget.Trunk trunk ? trunk.Number : toNumber,
            Accounts = [asked.Account],
            MaxDuration = asked.MaxDuration is { } limit && limit < maxDuration ? limit : maxDuration,
            Callbacks = asked.Callbacks,
            Notes = asked.Note is { } note ? [new CallNote(asked.Dialect, note)] : [],
            OnceAnswered = asked.OnceAnswered,
            State = new CallState.Trying(),
            StartedAt = now,
            Legs =
            [
                new Leg
                {
                    Id = new LegId(id, 1),
                    Direction = LegDirection.Outbound,
                    Role = role,
                    Party = new Party(asked.Dialed),
                    Shown = second is null ? null : asked.ShownToFirst,
                    Details = asked.Details,
                    Enclosed = asked.Enclosed,
                    Target = first,
                    Extension = (first as LegTarget.Extension)?.Number,
                    Trunk = (first as LegTarget.Trunk)?.Name,
                    State = new LegState.Trying(),
                    StartedAt = now,
                },
            ],
        };
    }
}
