using System.Net;
using Switchhook.Exchange.Journal;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Transport;

namespace Switchhook.Exchange.Tests.Journal;

public sealed class KeptDialogTests
{
    public static readonly DialogSnapshot Dialog = new(
        "a84b@host", "00112233445566aa", "ferne", "\"Alice \\\"A\\\"\" <sip:101@example.test>", "<sip:102@example.test>", "sip:102@192.0.2.7:5070;transport=tcp",
        ["<sip:p1.example.test;lr>", "<sip:p2.example.test;lr>"], 4, 77, "<sip:switchhook@192.0.2.1>",
        new SipFlow(SipTransportKind.Tcp, SipEndpoint.From(IPEndPoint.Parse("[2001:db8::7]:5070")), 2, 0));

    [Fact]
    public void A_kept_dialog_comes_back_whole()
    {
        Assert.True(KeptDialog.TryRead(KeptDialog.Write(Dialog), out var read));

        Assert.Equal(Dialog.Routes, read.Routes);
        Assert.Equal(Dialog with { Routes = [] }, read with { Routes = [] });
    }

    [Fact]
    public void What_is_absent_stays_absent()
    {
        var bare = Dialog with { Routes = [], RemoteCSeq = null, RemoteTag = "", LocalCSeq = 0 };

        Assert.True(KeptDialog.TryRead(KeptDialog.Write(bare), out var read));

        Assert.Empty(read.Routes);
        Assert.Equal(bare with { Routes = [] }, read with { Routes = [] });
    }

    [Fact]
    public void A_connection_does_not_outlive_its_process()
    {
        Assert.True(KeptDialog.TryRead(KeptDialog.Write(Dialog with { Flow = Dialog.Flow with { Connection = 9 } }), out var read));

        Assert.Equal(Dialog.Flow, read.Flow);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1")]
    [InlineData("{\"callId\":\"a\"}")]
    public void What_is_no_dialog_is_refused(string text) => Assert.False(KeptDialog.TryRead(text, out _));

    [Theory]
    [InlineData("Tcp", "Pigeon")]
    [InlineData("[2001:db8::7]:5070", "nowhere")]
    public void A_dialog_whose_flow_cannot_be_read_is_refused(string written, string instead) =>
        Assert.False(KeptDialog.TryRead(KeptDialog.Write(Dialog).Replace(written, instead, StringComparison.Ordinal), out _));
}
