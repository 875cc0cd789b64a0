using System.Collections.Immutable;
using System.Text;
using Switchhook.Dialects.Ozeki.Scripts;
using Switchhook.Ivr;

namespace Switchhook.Dialects.Tests.Ozeki;

public class OzmlTests
{
    [Fact]
    public void Commands_are_read_in_order_with_their_lines()
    {
        var verbs = Read("""
            <?xml version="1.0"?>
            <Response>
              <Play AudioFile="hello.wav" Repeat="true" Timeout="10"/>
              <Delay>1</Delay>
              <Speak Language="en-us" Voice="Microsoft Anna">Your parcel
                 leaves   today.</Speak>
              <GoTo>http://app.test/next?id=1&amp;x=2</GoTo>
              <Hangup CallId="0Nt3uhQ7"/>
              <Reject/>
            </Response>
            """);

        Assert.Equal(
            [
                new Verb.Play("hello.wav", true, TimeSpan.FromSeconds(10), 3),
                new Verb.Delay(TimeSpan.FromSeconds(1), 4),
                new Verb.Speak("Your parcel leaves today.", "en-us", "Microsoft Anna", 5),
                new Verb.GoTo("http://app.test/next?id=1&x=2", 7),
                new Verb.HangUp("0Nt3uhQ7", 8),
                new Verb.Reject(9),
            ],
            verbs);
    }

    [Theory]
    [InlineData("<Response><Speak>hi</Speak></Response>")]
    [InlineData("<response><speak>hi</speak></response>")]
    [InlineData("<RESPONSE><SPEAK TEXT='hi'/></RESPONSE>")]
    [InlineData("<OzML><Speak Text=\"hi\"></Speak></OzML>")]
    [InlineData("<ozml><Speak text='hi'>not this</Speak></ozml>")]
    [InlineData("<Speak>hi</Speak>")]
    [InlineData("<Response xmlns='urn:x'><Speak><![CDATA[hi]]></Speak></Response>")]
    [InlineData("<?xml version='1.0' encoding='utf-8'?><!-- one --><Response><!-- two --><Speak>  h<!-- three -->i </Speak></Response>")]
    [InlineData("<Response>stray text<Speak Colour='red'>hi<Beep/></Speak>more</Response>")]
    public void Names_in_any_case_and_several_roots_say_the_same(string document)
    {
        var verbs = Read(document);

        Assert.Equal([new Verb.Speak("hi", null, null, 1)], verbs);
    }

    [Fact]
    public void White_space_and_a_byte_order_mark_before_the_declaration_are_skipped_and_lines_still_count()
    {
        var body = Encoding.UTF8.GetBytes("\uFEFF\r\n\r\n  <?xml version=\"1.0\"?>\r\n<Response>\r\n<Hangup></Hangup></Response>\r\n");

        var reading = Ozml.ReadReply(body);

        Assert.Null(reading.Error);
        Assert.Equal([new Verb.HangUp(null, 5)], reading.Verbs);
    }

    [Fact]
    public void The_declared_encoding_counts()
    {
        var body = Encoding.Latin1.GetBytes("<?xml version='1.0' encoding='iso-8859-1'?><Response><Speak>Grüße</Speak></Response>");

        var reading = Ozml.ReadReply(body);

        Assert.Equal([new Verb.Speak("Grüße", null, null, 1)], reading.Verbs);
    }

    [Fact]
    public void A_byte_order_mark_of_another_encoding_counts()
    {
        var body = Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("<Response><Speak>é</Speak></Response>")).ToArray();

        var reading = Ozml.ReadReply(body);

        Assert.Equal([new Verb.Speak("é", null, null, 1)], reading.Verbs);
    }

    [Theory]
    [InlineData("<Play/>", 302, "Missing or invalid parameter 'AudioFile' for command 'Play'")]
    [InlineData("<Play AudioFile=''/>", 302, "Missing or invalid parameter 'AudioFile' for command 'Play'")]
    [InlineData("<Play>/etc/hello.wav</Play>", 302, "Missing or invalid parameter 'AudioFile' for command 'Play'")]
    [InlineData("<Play>a/../../hello.wav</Play>", 302, "Missing or invalid parameter 'AudioFile' for command 'Play'")]
    [InlineData("<Play>..\\hello.wav</Play>", 302, "Missing or invalid parameter 'AudioFile' for command 'Play'")]
    [InlineData("<Play>file:///etc/hello.wav</Play>", 302, "Missing or invalid parameter 'AudioFile' for command 'Play'")]
    [InlineData("<Play Repeat='often'>a.wav</Play>", 302, "Missing or invalid parameter 'Repeat' for command 'Play'")]
    [InlineData("<Play Timeout='-1'>a.wav</Play>", 302, "Missing or invalid parameter 'Timeout' for command 'Play'")]
    [InlineData("<Delay/>", 302, "Missing or invalid parameter 'Time' for command 'Delay'")]
    [InlineData("<delay>soon</delay>", 302, "Missing or invalid parameter 'Time' for command 'Delay'")]
    [InlineData("<Delay Time='1.5'/>", 302, "Missing or invalid parameter 'Time' for command 'Delay'")]
    [InlineData("<Delay>99999999999</Delay>", 302, "Missing or invalid parameter 'Time' for command 'Delay'")]
    [InlineData("<GoTo/>", 302, "Missing or invalid parameter 'Url' for command 'GoTo'")]
    [InlineData("<GoTo>SELECT url FROM next</GoTo>", 302, "Missing or invalid parameter 'Url' for command 'GoTo'")]
    [InlineData("<Teleport>there</Teleport>", 301, "Not implemented command: 'Teleport'")]
    [InlineData("<Call>102</Call>", 301, "Not implemented command: 'Call'")]
    [InlineData("<Exit/>", 301, "Not implemented command: 'Exit'")]
    [InlineData("<Var id='a'>b</Var>", 301, "Not implemented command: 'Var'")]
    [InlineData("<BlindTransfer>204</BlindTransfer>", 301, "Not implemented command: 'BlindTransfer'")]
    [InlineData("<hold/>", 303, "Command 'Hold' cannot be used here")]
    [InlineData("<Unhold/>", 303, "Command 'Unhold' cannot be used here")]
    [InlineData("<SendDTMF Keys='1'/>", 303, "Command 'SendDTMF' cannot be used here")]
    [InlineData("<Forward Destination='1'/>", 303, "Command 'ForwardCall' cannot be used here")]
    [InlineData("<AttendedTransfer/>", 303, "Command 'AttendedTransfer' cannot be used here")]
    [InlineData("<Route>201</Route>", 303, "Command 'Route' cannot be used here")]
    [InlineData("<ListActiveCalls/>", 303, "Command 'ListActiveCalls' cannot be used here")]
    public void A_wrong_command_carries_its_code_and_the_next_one_stands(string command, int code, string message)
    {
        var verbs = Read($"<Response>{command}<Hangup/></Response>");

        var wrong = Assert.IsType<Verb.Invalid>(verbs[0]);
        Assert.Equal((code, message, 1), (wrong.Code, wrong.Message, wrong.Line));
        Assert.Equal(new Verb.HangUp(null, 1), Assert.Single(verbs.Skip(1)));
    }

    [Theory]
    [InlineData("<Play>a.wav</Play>")]
    [InlineData("<Play Timeout='0' Repeat='FALSE' Party='all' CallId='x'>a.wav</Play>")]
    [InlineData("<play audiofile=' a.wav '/>")]
    public void Play_without_more_plays_once(string command)
    {
        var verbs = Read($"<Response>{command}</Response>");

        Assert.Equal([new Verb.Play("a.wav", false, null, 1)], verbs);
    }

    [Fact]
    public void Play_takes_an_address_and_a_file_in_a_folder()
    {
        var verbs = Read("<Response><Play>https://cdn.test/a.wav</Play><Play>menu/a.wav</Play></Response>");

        Assert.Equal(["https://cdn.test/a.wav", "menu/a.wav"], verbs.Cast<Verb.Play>().Select(p => p.AudioFile));
    }

    [Fact]
    public void A_menu_is_skipped_with_everything_in_it()
    {
        var verbs = Read("""
            <Response>
              <UserInput timeout="2" repeat="true">
                <InitialCommands><Speak>Press one.</Speak></InitialCommands>
                <Inputs><Input key="1"><Hangup></Hangup></Input></Inputs>
              </UserInput>
              <Speak>after</Speak>
            </Response>
            """);

        Assert.Equal([new Verb.Invalid("UserInput", 301, "Not implemented command: 'UserInput'", 2), new Verb.Speak("after", null, null, 6)], verbs);
    }

    [Fact]
    public void Variables_are_spoken_as_written_while_there_are_none()
    {
        var verbs = Read("<Response><Speak>Hello $who</Speak></Response>");

        Assert.Equal([new Verb.Speak("Hello $who", null, null, 1)], verbs);
    }

    [Theory]
    [InlineData("", "empty reply")]
    [InlineData(" \r\n ", "empty reply")]
    [InlineData("hello", "not well-formed, line 1")]
    [InlineData("<Response>", "not well-formed, line 1")]
    [InlineData("<Response>\n<Speak>a</Response>", "not well-formed, line 2")]
    [InlineData("<Response/><Response/>", "not well-formed, line 1")]
    [InlineData("\n\n<Response><Speak>&nbsp;</Speak></Response>", "not well-formed, line 3")]
    [InlineData("<html><body>Not found</body></html>", "unknown root element html")]
    [InlineData("<!DOCTYPE a [<!ENTITY b 'c'>]><Response><Speak>&b;</Speak></Response>", "not a document of elements alone")]
    [InlineData("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><Response/>", "not a document of elements alone")]
    [InlineData("<!-- nothing -->", "not a document of elements alone")]
    public void A_document_that_cannot_be_read_says_why(string document, string why)
    {
        var reading = Ozml.ReadReply(Encoding.UTF8.GetBytes(document));

        Assert.Equal(why, reading.Error);
        Assert.Empty(reading.Verbs);
    }

    [Theory]
    [InlineData("<Response></Response>")]
    [InlineData("<Response/>")]
    public void A_script_without_commands_is_a_script(string document)
    {
        var reading = Ozml.ReadReply(Encoding.UTF8.GetBytes(document));

        Assert.Null(reading.Error);
        Assert.Empty(reading.Verbs);
    }

    [Fact]
    public void Size_count_and_depth_have_bounds()
    {
        var large = "<Response><Speak>" + new string('a', Ozml.MaxCharacters) + "</Speak></Response>";
        var many = "<Response>" + string.Concat(Enumerable.Repeat("<Hangup/>", Ozml.MaxCommands + 1)) + "</Response>";
        var deep = "<Response>" + string.Concat(Enumerable.Repeat("<a>", 60_000));

        Assert.Equal("document too large", Ozml.ReadReply(Encoding.UTF8.GetBytes(large)).Error);
        Assert.Equal("too many commands", Ozml.ReadReply(Encoding.UTF8.GetBytes(many)).Error);
        Assert.Equal("elements too deep", Ozml.ReadReply(Encoding.UTF8.GetBytes(deep)).Error);
    }

    [Theory]
    [InlineData("hello", "hello")]
    [InlineData("  two \n words & more ", "two words & more")]
    [InlineData("\uFEFFhello", "hello")]
    public void A_parameter_without_markup_is_spoken(string document, string spoken)
    {
        var reading = Ozml.ReadParameter(document);

        Assert.Equal([new Verb.Speak(spoken, null, null, 1)], reading.Verbs);
    }

    [Theory]
    [InlineData(" ", "empty document")]
    [InlineData("a < b", "not well-formed, line 1")]
    [InlineData("<Response>", "not well-formed, line 1")]
    public void A_parameter_that_cannot_be_read_says_why(string document, string why)
    {
        Assert.Equal(why, Ozml.ReadParameter(document).Error);
    }

    [Fact]
    public void A_parameter_may_declare_any_encoding_it_was_once_written_in()
    {
        var reading = Ozml.ReadParameter("\n<?xml version='1.0' encoding='utf-16'?>\n<Response><Hangup/></Response>");

        Assert.Equal([new Verb.HangUp(null, 3)], reading.Verbs);
    }

    [Fact]
    public void Damaged_documents_never_raise_an_exception()
    {
        var whole = Encoding.UTF8.GetBytes("<?xml version='1.0' encoding='utf-8'?><Response><Speak Language='é'>a<![CDATA[b]]></Speak><UserInput><a/></UserInput></Response>");
        var random = new Random(11);

        for (var i = 0; i < 3000; i++)
        {
            var damaged = whole[..random.Next(1, whole.Length + 1)].ToArray();
            for (var j = random.Next(4); j > 0; j--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);

            var reading = Ozml.ReadReply(damaged);

            Assert.True(reading.Error is null || reading.Verbs.IsEmpty);
        }
    }

    private static ImmutableArray<Verb> Read(string document)
    {
        var reading = Ozml.ReadReply(Encoding.UTF8.GetBytes(document));
        Assert.Null(reading.Error);
        return reading.Verbs;
    }
}
