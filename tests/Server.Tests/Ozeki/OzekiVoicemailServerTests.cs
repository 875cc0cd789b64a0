using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Ozeki;

/// <summary>A mailbox made of an application's scripts, with the whole server.</summary>
public sealed class OzekiVoicemailServerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_message_is_heard_once_and_is_among_the_old_ones_then()
    {
        using var data = new TempFolder();
        Directory.CreateDirectory(data.At("recordings/voicemail/601"));
        await File.WriteAllBytesAsync(data.At("recordings/voicemail/601/left-1.wav"), WavFiles.Sine(1, 800));
        await using var server = await TestServer.StartAsync(new ServerSetup
        {
            Data = data.Path,
            Provisioning = new ProvisioningBuilder().AddPhone("601").AddApiExtension("900", "http://127.0.0.1:9/"),
        });
        await using var phone = await server.RegisteredPhoneAsync("601");
        await using var ear = new RtpProbe();

        var placed = await server.Ozeki.AskAsync("Call", ("Dialed", "601"), ("ResponseOzML", """
            <Response>
              <ForEach source="voicemails"><Play>$item.message</Play><MoveFile SourceFile="$item.message" TargetDirectory="$oldmessagepath"/></ForEach>
              <Delay>600</Delay>
            </Response>
            """));
        var call = await phone.IncomingAsync();
        await call.AnswerAsync(Sdp.Audio(ear.Local));
        await ear.HearToneAsync(800, Patience);
        await Eventually.TrueAsync(() => File.Exists(data.At("recordings/voicemail/601/old/left-1.wav")), "the message among the old ones", Patience);
        await call.HangUpAsync();

        Assert.Equal(200, placed.Code);
        Assert.False(File.Exists(data.At("recordings/voicemail/601/left-1.wav")));
        await server.QuietAsync("call", "leg", "rtp_port", "script");
    }
}
