using System.Net;
using System.Runtime.InteropServices;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Timing;

namespace Switchhook.TestKit.Programs;

/// <summary>A linphonec of the Debian package linphone-cli, over TCP, driven by typing; it plays a file and records what it hears.</summary>
public sealed class LinphoneRun : IAsyncDisposable
{
    private const int HeaderLength = 44;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TempFolder _folder;
    private readonly ChildProgram _program;
    private int _read;
    private int _recordings;

    private LinphoneRun(TempFolder folder, ChildProgram program) => (_folder, _program) = (folder, program);

    /// <summary>Its own words so far.</summary>
    public string Output => _program.Output;

    /// <summary>Starts it and waits until it is registered.</summary>
    /// <param name="toneHz">What it speaks.</param>
    public static async Task<LinphoneRun> StartAsync(string user, string secret, IPEndPoint server, int toneHz)
    {
        var folder = new TempFolder();
        // Without these it cannot open its database and says so at length.
        Directory.CreateDirectory(folder.At(".local/share/linphone"));
        Directory.CreateDirectory(folder.At(".config/linphone"));
        await SoxTool.WriteToneAsync(folder.At("tone.wav"), toneHz, 30);
        await File.WriteAllTextAsync(folder.At("rc"), Configuration(user, secret, server));
        var program = ChildProgram.Start(
            "linphonec", ["-c", folder.At("rc"), "-d", "0"], folder.Path, new Dictionary<string, string> { ["HOME"] = folder.Path }, takesInput: true);
        var run = new LinphoneRun(folder, program);
        // It takes its time over each line typed: a question before the last one is answered would only stand in the way of what follows.
        var asked = 0;
        await Eventually.TrueAsync(
            async () =>
            {
                var answers = program.Lines.Where(l => l.Contains("registered", StringComparison.Ordinal)).ToList();
                if (answers.Exists(l => l.Contains("registered, identity=", StringComparison.Ordinal)))
                    return true;
                if (answers.Count < asked)
                    return false;
                asked = answers.Count + 1;
                await program.TypeAsync("status register");
                return false;
            },
            "linphonec registers", Patience);
        await program.TypeAsync("soundcard use files");
        await program.TypeAsync($"play {folder.At("tone.wav")}");
        await run.ForgetHeardAsync();
        return run;
    }

    /// <summary>Types a command, such as <c>answer</c>, <c>call NUMBER</c>, <c>terminate</c>, <c>pause</c>.</summary>
    public Task TypeAsync(string command) => _program.TypeAsync(command);

    /// <summary>Waits for a line that has these words, after the last one that was waited for.</summary>
    public Task SaysAsync(string words) => Eventually.TrueAsync(
        () =>
        {
            var lines = _program.Lines;
            for (var i = _read; i < lines.Count; i++)
            {
                if (!lines[i].Contains(words, StringComparison.Ordinal))
                    continue;
                _read = i + 1;
                return true;
            }
            return false;
        },
        $"linphonec says '{words}'; its output:\n{Output}", Patience);

    /// <summary>Throws away what it has heard so far: it goes on recording into another file.</summary>
    public Task ForgetHeardAsync()
    {
        _recordings++;
        return _program.TypeAsync($"record {HeardFile}");
    }

    /// <summary>Waits until it has heard a tone.</summary>
    public Task HearToneAsync(int frequencyHz) => Eventually.TrueAsync(
        () => File.Exists(HeardFile) && Goertzel.BestShare(HeardSoFar(), frequencyHz) > 0.8,
        $"linphonec hears {frequencyHz} Hz; its output:\n{Output}", Patience);

    private string HeardFile => _folder.At($"heard{_recordings}.wav");

    // It writes the header of its recording when it closes it; until then there are 44 bytes of nothing, then 8 kHz mono.
    private short[] HeardSoFar()
    {
        using var file = new FileStream(HeardFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes.Length <= HeaderLength ? [] : MemoryMarshal.Cast<byte, short>(bytes.AsSpan(HeaderLength)).ToArray();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        _folder.Dispose();
    }

    private static string Configuration(string user, string secret, IPEndPoint server) =>
        $"""
        [sip]
        sip_port={FreePort.Next()}
        sip_tcp_port={FreePort.Next()}
        sip_tls_port=0
        use_ipv6=0
        default_proxy=0
        register_only_when_network_is_up=0
        guess_hostname=0
        [video]
        automatically_initiate=0
        automatically_accept=0
        [rtp]
        audio_rtp_port={FreePort.Next()}
        [proxy_0]
        reg_proxy=<sip:{server};transport=tcp>
        reg_route=<sip:{server};transport=tcp;lr>
        reg_identity=sip:{user}@switchhook.local
        reg_expires=60
        reg_sendregister=1
        publish=0
        [auth_info_0]
        username={user}
        userid={user}
        passwd={secret}
        realm=switchhook.local
        domain=switchhook.local

        """;
}
