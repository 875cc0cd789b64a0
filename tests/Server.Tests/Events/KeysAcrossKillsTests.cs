using System.Globalization;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;

namespace Switchhook.Server.Tests.Events;

/// <summary>Idempotency-Keys of the whole server, which is killed in between.</summary>
public sealed class KeysAcrossKillsTests
{
    private static ServerSetup Setup => new()
    {
        Provisioning = new ProvisioningBuilder().AddPhone("701"),
        Settings = ["Calls:MaxPerSecond=1000"],
    };

    [Fact]
    public async Task A_repeat_after_a_kill_gets_the_first_answer_and_places_nothing()
    {
        await using var server = await TestServer.StartAsync(Setup);
        await using var phone = await server.RegisteredPhoneAsync("701");
        var first = await server.Native.PlaceAsync(new() { ["to"] = "701" }, "k1");
        await server.KillAsync();

        await using var again = await server.StartAgainAsync();
        var second = await again.Native.PlaceAsync(new() { ["to"] = "701" }, "k1");
        var other = await again.Native.PlaceAsync(new() { ["to"] = "701", ["tag"] = "x" }, "k1");
        var call = await again.Native.EndedCallAsync(first.Json.GetProperty("id").GetString()!);
        await phone.FenceAsync();

        Assert.Equal((201, first.Text, first.Location), (second.Status, second.Text, second.Location));
        Assert.Equal(422, other.Status);
        Assert.Equal("recovery", call.Legs[0].Hangup!.By);
        Assert.InRange(CallIdsOf(phone, null).Count, 0, 1);
    }

    [Fact]
    public async Task However_a_kill_cuts_requests_off_no_key_places_two_calls_and_no_answered_call_is_unknown()
    {
        await using var server = await TestServer.StartAsync(Setup);
        await using var phone = await server.RegisteredPhoneAsync("701");
        phone.AlwaysAnswer("INVITE", 486);
        var keys = Enumerable.Range(0, 60).Select(i => (5550000 + i).ToString(CultureInfo.InvariantCulture)).ToList();

        var asking = keys.Select(k => AskAsync(server, k)).ToList();
        await Task.WhenAny(asking);
        await Task.WhenAny(asking.Where(a => !a.IsCompleted));
        await server.KillAsync();
        var before = await Task.WhenAll(asking);
        await using var again = await server.StartAgainAsync();
        var after = await Task.WhenAll(keys.Select(k => AskAsync(again, k)));
        await phone.FenceAsync();

        for (var i = 0; i < keys.Count; i++)
        {
            Assert.True(after[i]!.Status is 201 or 409, after[i]!.Text);
            if (before[i] is { } told)
                Assert.Equal((201, told.Text), (after[i]!.Status, after[i]!.Text));
            if (after[i]!.Status == 201)
                Assert.Equal(200, (await again.Native.GetAsync($"calls/{after[i]!.Json.GetProperty("id").GetString()}")).Status);
            Assert.InRange(CallIdsOf(phone, keys[i]).Count, 0, 1);
        }
        Assert.Contains(before, b => b is not null);
    }

    /// <summary>The answer, or null when none came.</summary>
    private static async Task<NativeAnswer?> AskAsync(TestServer server, string key)
    {
        try
        {
            return await server.Native.PlaceAsync(new() { ["to"] = "701", ["from"] = key }, key);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return null;
        }
    }

    /// <summary>The calls that reached the phone, from one number or from any.</summary>
    private static HashSet<string?> CallIdsOf(ScriptedPhone phone, string? from)
    {
        HashSet<string?> calls = [];
        phone.CountReceived(m => m.Is("INVITE") && (from is null || m.Header("From")!.Contains(from, StringComparison.Ordinal)) && calls.Add(m.Header("Call-ID")));
        return calls;
    }
}
