using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Exchange.Tests.Journal;
using Switchhook.TestKit.Timing;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>Who is told of phones that come and go.</summary>
public sealed class RegistrationTellingTests
{
    private static readonly Provisioning OnePhone = new() { Extensions = [new Extension { Number = "101", Secret = "pw101", Account = "demo" }] };

    [Fact]
    public async Task A_registration_that_lapses_is_told_like_one_that_is_taken_back_and_is_forgotten_by_the_store()
    {
        var time = new ManualTime();
        await using var loopback = Loopback.StartAt(time, OnePhone);
        await loopback.Phone("101", "pw101").RegisterAsync(120);

        await loopback.AdvanceAsync(TimeSpan.FromSeconds(121));

        await Eventually.GetAsync(() => Task.FromResult(loopback.Ports.Phones.Count), told => told >= 2, "the end is told");
        Assert.Equal([("101", 1), ("101", 0)], loopback.Ports.Phones);
        await Eventually.GetAsync(() => Task.FromResult(loopback.Ports.Load(DateTimeOffset.MinValue).Count), left => left == 0, "nothing of it is stored");
    }

    [Fact]
    public async Task A_phone_whose_registration_only_the_flight_files_had_is_registered_from_the_start()
    {
        var binding = new StoredBinding("101", "sip:101@127.0.0.1:5080", "udp://127.0.0.1:5080", "id", 1, 1, TimeProvider.System.GetUtcNow().AddHours(1), null);

        await using var loopback = Loopback.StartAfter([], OnePhone, flight: new MemoryFlight { Left = [new LogWrite.BindingsKept("101", [binding])] });

        Assert.Equal([binding], loopback.Ports.Registered);
        Assert.True(loopback.Exchange.Registrations.IsRegistered("101"));
        Assert.Empty(loopback.Ports.Phones);
    }

    [Fact]
    public async Task A_registration_that_lapsed_while_the_program_was_not_there_is_told_at_the_start_and_forgotten()
    {
        var now = TimeProvider.System.GetUtcNow();
        var lapsed = new StoredBinding("101", "sip:101@127.0.0.1:5080", "udp://127.0.0.1:5080", "id", 1, 1, now.AddMinutes(-1), null);
        var moved = new StoredBinding("102", "sip:102@127.0.0.1:5081", "udp://127.0.0.1:5081", "id", 1, 1, now.AddMinutes(-1), null);
        var there = moved with { Contact = "sip:102@127.0.0.1:5082", Source = "udp://127.0.0.1:5082", ExpiresAt = now.AddHours(1) };
        var phones = OnePhone with { Extensions = [.. OnePhone.Extensions, new Extension { Number = "102", Secret = "pw102", Account = "demo" }] };

        await using var loopback = Loopback.StartAfter(
            [], phones, flight: new MemoryFlight { Left = [new LogWrite.BindingsKept("101", [lapsed]), new LogWrite.BindingsKept("102", [moved, there])] });

        await Eventually.GetAsync(() => Task.FromResult(loopback.Ports.Phones.Count), told => told >= 2, "the end is told");
        Assert.Equal([("101", 0), ("102", 1)], loopback.Ports.Phones.Order());
        Assert.Equal([lapsed, moved, there], loopback.Ports.Registered.OrderBy(static b => b.Contact, StringComparer.Ordinal));
        Assert.Equal((false, true), (loopback.Exchange.Registrations.IsRegistered("101"), loopback.Exchange.Registrations.IsRegistered("102")));
        await Eventually.GetAsync(
            () => Task.FromResult(loopback.Ports.Load(DateTimeOffset.MinValue)), left => left is [var kept] && kept == there, "only the one that is alive is stored");
    }
}
