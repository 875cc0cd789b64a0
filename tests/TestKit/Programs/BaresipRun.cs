using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Switchhook.TestKit.Networks;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Timing;

namespace Switchhook.TestKit.Programs;

/// <summary>Who a baresip is and what it says.</summary>
public sealed record BaresipSettings
{
    public required string User { get; init; }
    public required string Secret { get; init; }
    public required IPEndPoint Server { get; init; }
    public string Domain { get; init; } = "switchhook.local";

    /// <summary><c>udp</c> or <c>tcp</c>.</summary>
    public string Transport { get; init; } = "udp";

    /// <summary>What it speaks: a sine of that frequency.</summary>
    public int ToneHz { get; init; } = 440;

    /// <summary><c>PCMU</c>, <c>PCMA</c>, <c>G722</c>, <c>opus</c>, or several with commas.</summary>
    public string Codecs { get; init; } = "PCMU,PCMA";
    public bool AnswersByItself { get; init; }

    /// <summary>Its own address.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The network it runs in; the machine's own when null.</summary>
    public NetworkNamespace? Network { get; init; }
}

/// <summary>A baresip of the Debian package, driven through its control socket; what it hears is written to a file and can be looked at.</summary>
public sealed class BaresipRun : IAsyncDisposable
{
    private readonly TempFolder _folder;
    private readonly ChildProgram _program;
    private readonly TcpClient _control;
    private readonly Inbox<BaresipEvent> _events = new(capacity: 1000);
    private readonly Task _reading;

    private BaresipRun(TempFolder folder, ChildProgram program, TcpClient control)
    {
        _folder = folder;
        _program = program;
        _control = control;
        _reading = ReadAsync();
    }

    /// <summary>Its own words so far.</summary>
    public string Output => _program.Output;

    /// <summary>Starts it; it registers by itself.</summary>
    public static async Task<BaresipRun> StartAsync(BaresipSettings settings)
    {
        var folder = new TempFolder();
        var port = FreePort.Next();
        await File.WriteAllTextAsync(folder.At("config"), Configuration(settings, folder.Path, FreePort.Next(), port));
        await File.WriteAllTextAsync(folder.At("accounts"), Account(settings));
        var program = ChildProgram.Start("baresip", ["-f", folder.Path], folder.Path, network: settings.Network);
        var control = await ConnectAsync(port, program, settings.Network);
        return new BaresipRun(folder, program, control);
    }

    /// <summary>Waits for an event, such as <c>REGISTER_OK</c>, <c>CALL_INCOMING</c>, <c>CALL_ESTABLISHED</c>, <c>CALL_CLOSED</c>.</summary>
    public async Task<BaresipEvent> EventAsync(string type, TimeSpan? deadline = null) =>
        await _events.TakeAsync(e => e.Type == type, deadline ?? Eventually.Deadline)
            ?? throw new TimeoutException($"baresip did not report {type}. Its output:\n{Output}");

    /// <summary>Waits until it is registered.</summary>
    public Task RegisteredAsync() => _program.LineAsync(l => l.Contains("200 OK", StringComparison.Ordinal), "a registration");

    /// <summary>Calls that number.</summary>
    public Task DialAsync(string number) => CommandAsync("dial", number);

    /// <summary>Takes the call that rings.</summary>
    public Task AnswerAsync() => CommandAsync("accept", "");

    /// <summary>Ends the call, or refuses the one that rings.</summary>
    public Task HangUpAsync() => CommandAsync("hangup", "");

    /// <summary>Puts its call on hold.</summary>
    public Task HoldAsync() => CommandAsync("hold", "");

    /// <summary>Takes its call up again.</summary>
    public Task ResumeAsync() => CommandAsync("resume", "");

    /// <summary>Makes one of its calls the current one; they are numbered from 1.</summary>
    public Task SelectAsync(int line) => CommandAsync("line", line.ToString(CultureInfo.InvariantCulture));

    /// <summary>Asks for its current call to be passed on; the target is written into Refer-To as it is.</summary>
    public Task TransferAsync(string target) => CommandAsync("transfer", target);

    /// <summary>Gives a command of its menu, by its long name.</summary>
    public async Task CommandAsync(string command, string parameters)
    {
        var json = JsonSerializer.Serialize(new { command, @params = parameters, token = "t" });
        var bytes = Encoding.UTF8.GetBytes(json);
        var prefix = Encoding.ASCII.GetBytes(bytes.Length.ToString(CultureInfo.InvariantCulture) + ":");
        await _control.GetStream().WriteAsync((byte[])[.. prefix, .. bytes, (byte)',']);
    }

    /// <summary>
    /// Waits until it has heard a tone in the call that is up, or in the last one. baresip 1.0 records nothing after the first re-INVITE of a call.
    /// </summary>
    public Task HearToneAsync(int frequencyHz, TimeSpan? deadline = null) => Eventually.TrueAsync(
        async () => Goertzel.BestShare(await SoxTool.ReadAsync(await HeardFileAsync()), frequencyHz) > 0.8,
        $"baresip hears {frequencyHz} Hz", deadline);

    /// <summary>Throws away what was heard in former calls.</summary>
    public void ForgetHeard()
    {
        foreach (var file in Directory.GetFiles(_folder.Path, "dump-*.wav"))
            File.Delete(file);
    }

    /// <summary>The file with what it heard, once the call is over.</summary>
    public Task<string> HeardFileAsync() => RecordedAsync("dec");

    private async Task<string> RecordedAsync(string side)
    {
        string? file = null;
        await Eventually.TrueAsync(
            () => (file = Directory.GetFiles(_folder.Path, $"dump-*-{side}.wav").FirstOrDefault()) is not null, $"a recording of {side}\n{Output}");
        return file!;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        await _program.DisposeAsync();
        await _reading;
        _folder.Dispose();
    }

    private static async Task<TcpClient> ConnectAsync(int port, ChildProgram program, NetworkNamespace? network)
    {
        TcpClient? client = null;
        await Eventually.TrueAsync(
            async () =>
            {
                client = network is null ? new TcpClient() : network.Inside(() => new TcpClient(AddressFamily.InterNetwork));
                try
                {
                    await client.ConnectAsync(IPAddress.Loopback, port);
                    return true;
                }
                catch (SocketException)
                {
                    client.Dispose();
                    return false;
                }
            },
            $"baresip listens for control; its output:\n{program.Output}");
        return client!;
    }

    private async Task ReadAsync()
    {
        var buffered = new List<byte>();
        var chunk = new byte[16384];
        try
        {
            while (await _control.GetStream().ReadAsync(chunk) is > 0 and var count)
            {
                buffered.AddRange(chunk.AsSpan(0, count));
                while (TakeNetstring(buffered) is { } json)
                    Keep(json);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Closed by us or by its end.
        }
    }

    private void Keep(string json)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.TryGetProperty("type", out var type))
            _events.Add(new BaresipEvent(type.GetString() ?? "", json));
    }

    private static string? TakeNetstring(List<byte> buffered)
    {
        var colon = buffered.IndexOf((byte)':');
        if (colon < 0)
            return null;
        var length = int.Parse(Encoding.ASCII.GetString([.. buffered[..colon]]), CultureInfo.InvariantCulture);
        if (buffered.Count < colon + 1 + length + 1)
            return null;
        var text = Encoding.UTF8.GetString([.. buffered[(colon + 1)..(colon + 1 + length)]]);
        buffered.RemoveRange(0, colon + 1 + length + 1);
        return text;
    }

    private static string Account(BaresipSettings s) =>
        $"<sip:{s.User}@{s.Domain}>;auth_user={s.User};auth_pass={s.Secret};outbound=\"sip:{s.Server};transport={s.Transport}\"" +
        $";answermode={(s.AnswersByItself ? "auto" : "manual")};regint=60;audio_codecs={s.Codecs}\n";

    // Its sine is made at 48 kHz in two channels only; it takes the SIP port given and the next one for TLS.
    private static string Configuration(BaresipSettings s, string folder, int sipPort, int controlPort) =>
        $"""
        poll_method epoll
        sip_listen {s.Address}:{sipPort}
        net_interface {s.Address}
        call_local_timeout 60
        call_max_calls 4
        audio_source ausine,{s.ToneHz}
        audio_player aubridge,nobody
        audio_alert aubridge,nobody
        audio_level no
        ausrc_srate 48000
        auplay_srate 8000
        ausrc_channels 2
        auplay_channels 1
        rtp_stats yes
        ctrl_tcp_listen 127.0.0.1:{controlPort}
        snd_path {folder}
        module_path /usr/lib/baresip/modules
        module g711.so
        module g722.so
        module opus.so
        module sndfile.so
        module ausine.so
        module aubridge.so
        module_tmp uuid.so
        module_tmp account.so
        module_app menu.so
        module_app ctrl_tcp.so

        """;
}

/// <summary>Something baresip reported.</summary>
public sealed record BaresipEvent(string Type, string Json);
