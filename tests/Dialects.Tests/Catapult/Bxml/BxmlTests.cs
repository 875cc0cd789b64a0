using System.Collections.Immutable;
using System.Text;
using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Ivr;
using Document = Switchhook.Dialects.Catapult.Bxml.Bxml;

namespace Switchhook.Dialects.Tests.Catapult.Bxml;

/// <summary>Documents as verbs, and documents that are refused as a whole.</summary>
public sealed class BxmlTests
{
    private static readonly Verb Linger = new Verb.Delay(TimeSpan.FromSeconds(30), 0) { Name = "end of the document" };

    [Fact]
    public void Verbs_stand_in_their_order_under_the_vendors_names()
    {
        var verbs = Verbs("""
            <?xml version="1.0" encoding="UTF-8"?>
            <Response>
              <SpeakSentence gender="male" locale="de_DE" voice="stefan">Guten   Tag.</SpeakSentence>
              <PlayAudio>http://media.example.org/a.wav</PlayAudio>
              <Pause length="2"/>
              <Redirect requestUrl="http://pbx.example.org/next?lang=en&amp;step=1" requestUrlTimeout="8000" tag="t"/>
            </Response>
            """);

        Assert.Equal(
            [
                new Verb.Speak("Guten Tag.", "de", "de+m1", 3) { Name = "SpeakSentence" },
                new Verb.Play("http://media.example.org/a.wav", false, null, 4) { Name = "PlayAudio" },
                new Verb.Delay(TimeSpan.FromSeconds(2), 5) { Name = "Pause" },
                new Verb.GoTo("http://pbx.example.org/next?lang=en&step=1", 6) { Name = "Redirect", ReplyTime = TimeSpan.FromSeconds(8), Tag = "t" },
            ],
            verbs);
    }

    [Theory]
    [InlineData("<Response/>")]
    [InlineData("<Response><Pause/></Response>")]
    [InlineData("<Response><SpeakSentence>a</SpeakSentence></Response>")]
    [InlineData("<Response><PlayAudio>http://x/a.wav</PlayAudio></Response>")]
    [InlineData("<Response><SendDtmf>1</SendDtmf></Response>")]
    [InlineData("<Response><Record/></Response>")]
    [InlineData("<Response><Gather requestUrl='http://x/'/></Response>")]
    public void A_document_that_does_not_end_the_call_keeps_it_up_for_half_a_minute(string document)
    {
        Assert.Equal(Linger, Verbs(document)[^1]);
    }

    [Theory]
    [InlineData("<Response><Hangup/></Response>", 1)]
    [InlineData("<Response><Redirect requestUrl='http://x/'/></Response>", 1)]
    public void A_document_that_does_has_nothing_behind_it(string document, int verbs)
    {
        Assert.Equal(verbs, Verbs(document).Length);
    }

    [Theory]
    [InlineData("", "en-us", "en-us+f2")]
    [InlineData("locale='en_UK'", "en-gb", "en-gb+f2")]
    [InlineData("locale='en_UK' gender='male'", "en-gb", "en-gb+m1")]
    [InlineData("voice='KATE'", "en-us", "en-us+f4")]
    [InlineData("voice='paul' gender='male'", "en-us", "en-us+m1")]
    [InlineData("voice='paul'", "en-us", "en-us+f2")]
    [InlineData("voice='nobody' locale='ES_mx'", "es-419", "es-419+f2")]
    [InlineData("voice='violeta' locale='es'", "es", "es+f3")]
    [InlineData("locale='fr_FR'", "fr-fr", "fr-fr+f2")]
    [InlineData("locale='it' gender='male'", "it", "it+m1")]
    public void A_voice_is_one_of_its_locale_and_gender(string attributes, string language, string voice)
    {
        var speak = Assert.IsType<Verb.Speak>(Verbs($"<Response><SpeakSentence {attributes}>a</SpeakSentence></Response>")[0]);

        Assert.Equal((language, voice), (speak.Language, speak.Voice));
    }

    [Fact]
    public void Audio_may_be_repeated_and_inside_a_Gather_with_a_pause_after_every_pass()
    {
        var play = new Verb.Play("http://x/a.mp3", false, null, 1) { Name = "PlayAudio" };

        var alone = Assert.IsType<Verb.Loop>(Verbs("<Response><PlayAudio repeatCount='3' delayBeforeRepeat='2'>http://x/a.mp3</PlayAudio></Response>")[0]);
        var gather = Assert.IsType<Verb.Gather>(Verbs("<Response><Gather><PlayAudio repeatCount='2' delayBeforeRepeat='2'>http://x/a.mp3</PlayAudio></Gather></Response>")[0]);

        Assert.Equal(3, alone.Times);
        Assert.Equal([play], alone.Body);
        var nested = Assert.IsType<Verb.Loop>(gather.Prompts.Single());
        Assert.Equal(2, nested.Times);
        Assert.Equal([play, new Verb.Delay(TimeSpan.FromSeconds(2), 1) { Name = "delayBeforeRepeat" }], nested.Body);
    }

    [Fact]
    public void Keys_are_sent_with_the_pauses_between_them()
    {
        var verbs = Verbs("<Response><SendDtmf>12W,w9#</SendDtmf><Hangup/></Response>");

        Assert.Equal(
            [
                new Verb.SendDigits("12", 1) { Name = "SendDtmf" },
                new Verb.Delay(TimeSpan.FromSeconds(2), 1) { Name = "SendDtmf" },
                new Verb.SendDigits("9#", 1) { Name = "SendDtmf" },
                new Verb.HangUp(null, 1),
            ],
            verbs);
    }

    [Fact]
    public void The_last_Gather_waits_for_the_answer_to_whatever_was_entered()
    {
        var gather = Assert.IsType<Verb.Gather>(Verbs("""
            <Response>
              <Gather requestUrl="http://pbx.example.org/menu?lang=en&amp;step=1" requestUrlTimeout="8000" maxDigits="4" interDigitTimeout="6.5" terminatingDigits="#*" bargeable="false" tag="pin">
                <SpeakSentence>Your pin.</SpeakSentence><SpeakSentence>Please.</SpeakSentence>
              </Gather>
            </Response>
            """)[0]);

        Assert.Equal(("Gather", "pin", TimeSpan.FromSeconds(8)), (gather.Name, gather.Tag, gather.ReplyTime));
        Assert.Equal((4, "#*", TimeSpan.FromSeconds(6.5), (TimeSpan?)TimeSpan.FromSeconds(6.5)), (gather.MaxDigits, gather.Terminators, gather.FirstDigit, gather.InterDigit));
        Assert.Equal(("http://pbx.example.org/menu?lang=en&step=1", ScriptReply.Instead, true, true), (gather.Url, gather.Reply, gather.AsksAnyway, gather.BargeIn));
        Assert.Equal(["Your pin.", "Please."], gather.Prompts.OfType<Verb.Speak>().Select(static s => s.Text));
    }

    [Fact]
    public void Any_other_Gather_only_tells_of_it()
    {
        var verbs = Verbs("<Response><Gather requestUrl='http://x/'/><Gather/><Hangup/></Response>");

        var (first, second) = (Assert.IsType<Verb.Gather>(verbs[0]), Assert.IsType<Verb.Gather>(verbs[1]));
        Assert.Equal((ScriptReply.None, false, 128, "#", TimeSpan.FromSeconds(5)), (first.Reply, first.AsksAnyway, first.MaxDigits, first.Terminators, first.FirstDigit));
        Assert.Null(second.Url);
    }

    [Fact]
    public void A_volume_is_three_decibels_a_step()
    {
        var verbs = Verbs("""
            <Response><SpeakSentence volume="-4">a</SpeakSentence><PlayAudio volume="2">http://x/a.wav</PlayAudio><SpeakSentence>b</SpeakSentence>
            <Transfer transferTo="101"><SpeakSentence volume="1">c</SpeakSentence><PlayAudio volume="-1">http://x/b.wav</PlayAudio></Transfer></Response>
            """);

        Assert.Equal([-12, 6, 0], [((Verb.Speak)verbs[0]).GainDb, ((Verb.Play)verbs[1]).GainDb, ((Verb.Speak)verbs[2]).GainDb]);
        Assert.Equal([3, -3], ((Verb.Transfer)verbs[3]).Whisper.Select(static w => w.GainDb));
    }

    [Fact]
    public void A_Record_has_the_vendors_times()
    {
        var plain = Assert.IsType<Verb.Record>(Verbs("<Response><Record/></Response>")[0]);
        var said = Assert.IsType<Verb.Record>(Verbs("""
            <Response><Record requestUrl="http://x/r" requestUrlTimeout="100" fileFormat="mp3" maxDuration="20" silenceTimeout="5" silenceThreshold="200" terminatingDigits="#1" tag="vm"/></Response>
            """)[0]);

        Assert.Equal(new Verb.Record("wav", TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(3), "", null, null, 1) { Reply = ScriptReply.None, SilenceLevel = 100 }, plain);
        Assert.Equal(
            new Verb.Record("mp3", TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(5), "#1", "http://x/r", null, 1) { Reply = ScriptReply.None, SilenceLevel = 200, ReplyTime = TimeSpan.FromMilliseconds(100), Tag = "vm" },
            said);
    }

    [Fact]
    public void A_Transfer_rings_all_its_numbers_whispers_and_records_both()
    {
        var transfer = Assert.IsType<Verb.Transfer>(Verbs("""
            <Response>
              <Transfer transferTo="+13365550188" transferCallerId="+19195550100" callTimeout="20" requestUrl="http://x/done" tag="sales" diversionTreatment="stack" diversionReason="away">
                <PhoneNumber>101</PhoneNumber>
                <PhoneNumber>sip:102@pbx.example.org</PhoneNumber>
                <SpeakSentence>Support call</SpeakSentence>
                <PlayAudio>http://x/beep.wav</PlayAudio>
                <Record multiChannel="true" requestUrl="http://x/rec"/>
              </Transfer>
            </Response>
            """)[0]);

        Assert.Equal(["+13365550188", "101", "102"], transfer.Targets);
        Assert.Equal(("Transfer", TimeSpan.FromSeconds(20), "http://x/done", "sales", true), (transfer.Name, transfer.RingTime, transfer.EndUrl, transfer.Tag, transfer.NeedsTarget));
        Assert.Equal(new Party("+19195550100"), transfer.Shown);
        Assert.Equal<AudioSource>([new AudioSource.Speech("Support call", "en-us", "en-us+f2"), new AudioSource.File("http://x/beep.wav")], transfer.Whisper);
        Assert.Equal(new Verb.Record("wav", null, null, "", "http://x/rec", null, 7) { Reply = ScriptReply.None, Stereo = true }, transfer.Recording);
    }

    [Theory]
    [InlineData("private", true)]
    [InlineData("unknown", true)]
    [InlineData("101", false)]
    [InlineData("+12525550143", false)]
    public void Whoever_is_rung_may_be_shown_the_caller_an_own_number_or_nobody(string callerId, bool withheld)
    {
        var transfer = Assert.IsType<Verb.Transfer>(Verbs($"<Response><Transfer transferTo='101' transferCallerId='{callerId}'/></Response>")[0]);

        Assert.Equal(withheld, transfer.Shown!.IsWithheld);
    }

    [Theory]
    [InlineData("not a number")]
    [InlineData("sip:nobody")]
    [InlineData("101@host")]
    [InlineData("tel:+1919")]
    public void A_destination_that_is_none_hangs_up_when_its_turn_comes(string destination)
    {
        var verbs = Verbs($"<Response><SpeakSentence>a</SpeakSentence><Transfer><PhoneNumber>{destination}</PhoneNumber></Transfer></Response>");

        Assert.Equal(new Verb.Invalid("Transfer", 0, "Transfer, line 1: a destination is no number and no SIP address", 1), verbs[1]);
        Assert.Equal(new Verb.HangUp(null, 1) { Name = "Transfer" }, verbs[2]);
    }

    [Theory]
    [InlineData("<Reply/>", "the root is Reply, not Response")]
    [InlineData("<response/>", "the root is response, not Response")]
    [InlineData("<Response>\n<hangup/></Response>", "hangup, line 2: unknown verb")]
    [InlineData("<Response><Conference from='+1'/></Response>", "Conference, line 1: unknown verb")]
    [InlineData("<Response>hello</Response>", "text outside of a verb")]
    [InlineData("<Response><Hangup/>", "not well-formed, line 1")]
    [InlineData("<Response/><Response/>", "not well-formed, line 1")]
    [InlineData("hello", "not well-formed, line 1")]
    [InlineData("<!DOCTYPE a [<!ENTITY b 'c'>]><Response/>", "not a document of elements alone")]
    [InlineData("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><Response>&a;</Response>", "not a document of elements alone")]
    [InlineData("<Response><Hangup>now</Hangup></Response>", "Hangup, line 1: text cannot stand in it")]
    [InlineData("<Response><Pause length='-1'/></Response>", "Pause, line 1: length must be seconds from 0 to 3600")]
    [InlineData("<Response><Pause duration='x'/></Response>", "Pause, line 1: duration must be seconds from 0 to 3600")]
    [InlineData("<Response><SpeakSentence gender='x'>a</SpeakSentence></Response>", "SpeakSentence, line 1: gender must be one of female, male")]
    [InlineData("<Response><SpeakSentence volume='5'>a</SpeakSentence></Response>", "SpeakSentence, line 1: volume must be a whole number from -4 to 4")]
    [InlineData("<Response><SpeakSentence>a<b/></SpeakSentence></Response>", "SpeakSentence, line 1: b cannot stand in it")]
    [InlineData("<Response><PlayAudio>a.wav</PlayAudio></Response>", "PlayAudio, line 1: the audio must be given as an http address")]
    [InlineData("<Response><PlayAudio>file:///etc/passwd</PlayAudio></Response>", "PlayAudio, line 1: the audio must be given as an http address")]
    [InlineData("<Response><PlayAudio repeatCount='31'>http://x/a</PlayAudio></Response>", "PlayAudio, line 1: repeatCount must be a whole number from 1 to 30")]
    [InlineData("<Response><PlayAudio delayBeforeRepeat='61'>http://x/a</PlayAudio></Response>", "PlayAudio, line 1: delayBeforeRepeat must be seconds from 0 to 60")]
    [InlineData("<Response><SendDtmf>12x</SendDtmf></Response>", "SendDtmf, line 1: it needs 1 to 92 of 0-9, *, #, A-D and the pauses , w W")]
    [InlineData("<Response><Redirect/></Response>", "Redirect, line 1: requestUrl is missing")]
    [InlineData("<Response><Redirect requestUrl='ftp://x/'/></Response>", "Redirect, line 1: requestUrl is not an http address")]
    [InlineData("<Response><Redirect requestUrl='http://x/' requestUrlTimeout='0'/></Response>", "Redirect, line 1: requestUrlTimeout must be a whole number from 1 to 60000")]
    [InlineData("<Response><Gather maxDigits='129'/></Response>", "Gather, line 1: maxDigits must be a whole number from 1 to 128")]
    [InlineData("<Response><Gather terminatingDigits='x'/></Response>", "Gather, line 1: terminatingDigits must be keys of a telephone")]
    [InlineData("<Response><Gather interDigitTimeout='0'/></Response>", "Gather, line 1: interDigitTimeout must be seconds from 0.1 to 60")]
    [InlineData("<Response><Gather><Hangup/></Gather></Response>", "Gather, line 1: Hangup cannot stand in it")]
    [InlineData("<Response><Gather><SpeakSentence volume='9'>a</SpeakSentence></Gather></Response>", "SpeakSentence, line 1: volume must be a whole number from -4 to 4")]
    [InlineData("<Response><Record maxDuration='3601'/></Response>", "Record, line 1: maxDuration must be seconds from 1 to 3600")]
    [InlineData("<Response><Record silenceTimeout='61'/></Response>", "Record, line 1: silenceTimeout must be seconds from 0.1 to 60")]
    [InlineData("<Response><Record fileFormat='ogg'/></Response>", "Record, line 1: fileFormat must be one of wav, mp3")]
    [InlineData("<Response><Record transcribe='true'/></Response>", "Record, line 1: transcribe needs a transcribeCallbackUrl")]
    [InlineData("<Response><Record transcribe='true' transcribeCallbackUrl='http://x/' fileFormat='mp3'/></Response>", "Record, line 1: transcribe needs the format wav")]
    [InlineData("<Response><Record transcribe='maybe'/></Response>", "Record, line 1: transcribe must be true or false")]
    [InlineData("<Response><Transfer/></Response>", "Transfer, line 1: it needs 1 to 7 numbers, in transferTo and PhoneNumber")]
    [InlineData("<Response><Transfer transferTo='1'><PhoneNumber/></Transfer></Response>", "PhoneNumber, line 1: it needs a number")]
    [InlineData("<Response><Transfer transferTo='1' callTimeout='301'/></Response>", "Transfer, line 1: callTimeout must be a whole number from 1 to 300")]
    [InlineData("<Response><Transfer transferTo='1' transferCallerId='300'/></Response>", "Transfer, line 1: transferCallerId must be private, unknown or a number of the account's")]
    [InlineData("<Response><Transfer transferTo='1' diversionTreatment='x'/></Response>", "Transfer, line 1: diversionTreatment must be one of none, propagate, stack")]
    [InlineData("<Response><Transfer transferTo='1'><Gather/></Transfer></Response>", "Transfer, line 1: Gather cannot stand in it")]
    public void A_document_with_anything_wrong_in_it_has_no_verbs(string document, string why)
    {
        var reading = BxmlWorld.Read(document);

        Assert.Equal(why, reading.Error);
        Assert.Empty(reading.Verbs);
    }

    [Fact]
    public void What_is_too_much_is_refused()
    {
        var large = $"<Response><SpeakSentence>{new string('a', Document.MaxOctets)}</SpeakSentence></Response>";
        var many = $"<Response>{string.Concat(Enumerable.Repeat("<Hangup/>", Document.MaxElements))}</Response>";
        var deep = $"<Response>{string.Concat(Enumerable.Repeat("<Gather>", 6))}{string.Concat(Enumerable.Repeat("</Gather>", 6))}</Response>";
        var eight = $"<Response><Transfer transferTo='1'>{string.Concat(Enumerable.Repeat("<PhoneNumber>2</PhoneNumber>", 7))}</Transfer></Response>";

        Assert.Equal("document too large", BxmlWorld.Read(large).Error);
        Assert.Equal("too many commands", BxmlWorld.Read(many).Error);
        Assert.Equal("elements too deep", BxmlWorld.Read(deep).Error);
        Assert.Equal("Transfer, line 1: it needs 1 to 7 numbers, in transferTo and PhoneNumber", BxmlWorld.Read(eight).Error);
    }

    [Fact]
    public void Damaged_documents_are_refused_and_nothing_is_thrown()
    {
        var whole = Encoding.UTF8.GetBytes("<Response><Gather requestUrl='http://x/' maxDigits='4'><SpeakSentence>é</SpeakSentence></Gather><Hangup/></Response>");

        for (var length = 0; length < whole.Length; length++)
            Assert.NotNull(Document.Read(whole.AsMemory(0, length), BxmlWorld.Context).Error);
        for (var at = 0; at < whole.Length; at++)
        {
            foreach (var octet in (byte[])[0, (byte)'<', (byte)'&', 0x80, 0xFF])
            {
                byte[] damaged = [.. whole];
                damaged[at] = octet;
                var reading = Document.Read(damaged, BxmlWorld.Context);
                Assert.True(reading.Error is not null || !reading.Verbs.IsEmpty);
            }
        }
    }

    private static ImmutableArray<Verb> Verbs(string document)
    {
        var reading = BxmlWorld.Read(document);

        Assert.Null(reading.Error);
        return reading.Verbs;
    }
}
