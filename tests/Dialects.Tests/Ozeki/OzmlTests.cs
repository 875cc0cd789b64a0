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
    [InlineData("<SendSms Recipient='1'>hi</SendSms>", 401, "API extension '' unavailable, please check configuration or permissions")]
    [InlineData("<MoveFile SourceFile='a'/>", 302, "Missing or invalid parameter 'TargetDirectory' for command 'MoveFile'")]
    [InlineData("<MoveFile TargetDirectory='a'/>", 302, "Missing or invalid parameter 'SourceFile' for command 'MoveFile'")]
    [InlineData("<DeleteFile/>", 302, "Missing or invalid parameter 'SourceFile' for command 'DeleteFile'")]
    [InlineData("<Request DialedAddress='102'/>", 401, "API extension '' unavailable, please check configuration or permissions")]
    [InlineData("<Call>102</Call>", 401, "API extension '' unavailable, please check configuration or permissions")]
    [InlineData("<Var>b</Var>", 302, "Missing or invalid parameter 'ID' for command 'Var'")]
    [InlineData("<Var id='1a'>b</Var>", 302, "Missing or invalid parameter 'ID' for command 'Var'")]
    [InlineData("<Array><item>b</item></Array>", 302, "Missing or invalid parameter 'ID' for command 'Array'")]
    [InlineData("<ForEach><Beep/></ForEach>", 302, "Missing or invalid parameter 'Source' for command 'ForEach'")]
    [InlineData("<BlindTransfer/>", 302, "Missing or invalid parameter 'Target' for command 'BlindTransfer'")]
    [InlineData("<BlindTransfer>Bob Smith</BlindTransfer>", 302, "Missing or invalid parameter 'Target' for command 'BlindTransfer'")]
    [InlineData("<BlindTransfer FinishedUrl='next'>204</BlindTransfer>", 302, "Missing or invalid parameter 'FinishedUrl' for command 'BlindTransfer'")]
    [InlineData("<UserInput Repeat='often'/>", 302, "Missing or invalid parameter 'Repeat' for command 'UserInput'")]
    [InlineData("<UserInput Timeout='soon'/>", 302, "Missing or invalid parameter 'Timeout' for command 'UserInput'")]
    [InlineData("<UserInput Digits='0'/>", 302, "Missing or invalid parameter 'Digits' for command 'UserInput'")]
    [InlineData("<UserInput MinDigits='5' MaxDigits='4'/>", 302, "Missing or invalid parameter 'MaxDigits' for command 'UserInput'")]
    [InlineData("<UserInput BackKey='**'/>", 302, "Missing or invalid parameter 'BackKey' for command 'UserInput'")]
    [InlineData("<UserInput ForwardToUrl='a b'/>", 302, "Missing or invalid parameter 'ForwardToUrl' for command 'UserInput'")]
    [InlineData("<UserInput><Inputs><Input><Beep/></Input></Inputs></UserInput>", 302, "Missing or invalid parameter 'key' for command 'UserInput'")]
    [InlineData("<UserInput><Inputs><Input key='one'/></Inputs></UserInput>", 302, "Missing or invalid parameter 'key' for command 'UserInput'")]
    [InlineData("<Record Format='ogg'/>", 302, "Missing or invalid parameter 'Format' for command 'Record'")]
    [InlineData("<Record Duration='long'/>", 302, "Missing or invalid parameter 'Duration' for command 'Record'")]
    [InlineData("<Record Inactivity='-1'/>", 302, "Missing or invalid parameter 'Inactivity' for command 'Record'")]
    [InlineData("<Record FinishDigits='x'/>", 302, "Missing or invalid parameter 'FinishDigits' for command 'Record'")]
    [InlineData("<SendMsg>hi</SendMsg>", 302, "Missing or invalid parameter 'ToConnection' for command 'SendMsg'")]
    [InlineData("<SendMsg ToConnection='c'/>", 302, "Missing or invalid parameter 'Text' for command 'SendMsg'")]
    [InlineData("<WaitForMsg/>", 302, "Missing or invalid parameter 'FromConnection' for command 'WaitForMsg'")]
    [InlineData("<WaitForMsg FromConnection='c' Timeout='x'/>", 302, "Missing or invalid parameter 'Timeout' for command 'WaitForMsg'")]
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
    public void A_menu_has_its_prompts_and_choices_and_the_vendors_defaults()
    {
        var menu = Assert.IsType<Verb.Gather>(Read("""
            <Response>
              <Userinput timeout="2" REPEAT="true">
                <InitialCommands><Speak>Press one.</Speak></InitialCommands>
                <Inputs><Input KEY="1"><Hangup></Hangup></Input><input key="42"/></Inputs>
              </Userinput>
            </Response>
            """)[0]);

        Assert.Equal([new Verb.Speak("Press one.", null, null, 3)], menu.Prompts);
        Assert.Equal(["1", "42"], menu.Choices.Select(c => c.Keys));
        Assert.Equal([new Verb.HangUp(null, 4)], menu.Choices[0].Verbs);
        Assert.Equal((1, 1, null, null), (menu.MinDigits, menu.MaxDigits, menu.BackKey, menu.Url));
        Assert.Equal((TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), null), (menu.FirstDigit, menu.InterDigit, menu.Attempts));
    }

    [Theory]
    [InlineData("", 1, 1, 0, 5)]
    [InlineData("Digits='4' Timeout='6'", 4, 4, 6, 6)]
    [InlineData("MinDigits='2' MaxDigits='6'", 2, 6, 0, 5)]
    [InlineData("MaxDigits='6' Timeout='10'", 1, 6, 10, 10)]
    [InlineData("MinDigits='3'", 3, 3, 0, 5)]
    public void The_lengths_and_times_of_an_entry_follow_its_attributes(string attributes, int min, int max, int first, int inter)
    {
        var menu = Assert.IsType<Verb.Gather>(Read($"<Response><UserInput {attributes}/></Response>")[0]);

        Assert.Equal((min, max, 1), (menu.MinDigits, menu.MaxDigits, menu.Attempts));
        Assert.Equal((TimeSpan.FromSeconds(first), TimeSpan.FromSeconds(inter)), (menu.FirstDigit, menu.InterDigit));
    }

    [Theory]
    [InlineData("ForwardToUrl='http://app.test/pin'")]
    [InlineData("enteredUrl='http://app.test/pin' BackKey='*'")]
    public void An_entry_goes_to_the_address_under_either_name(string attributes)
    {
        var menu = Assert.IsType<Verb.Gather>(Read($"<Response><UserInput {attributes} ExecuteSQL='SELECT 1'/></Response>")[0]);

        Assert.Equal("http://app.test/pin", menu.Url);
        Assert.Equal(attributes.Contains("BackKey", StringComparison.Ordinal) ? '*' : null, menu.BackKey);
    }

    [Fact]
    public void Commands_that_wait_for_nothing_else_are_read_with_all_they_say()
    {
        var verbs = Read("""
            <Response>
              <Beep/><Exit/>
              <Var ID="who">Alex</Var><Var id="where" Value="here">not this</Var>
              <BlindTransfer Target="204@localhost" FinishedUrl="http://app.test/done"/>
              <Record Format="WAV" Duration="60" Inactivity="5" FinishDigits="*#" FinishedUrl="vm" RecordPath="in"/>
              <SendMsg ToConnection="chat@localhost" ToAddress="+361">hi</SendMsg>
              <Record/>
            </Response>
            """);

        Assert.Equal(
            [
                new Verb.Beep(2),
                new Verb.Exit(2),
                new Verb.Set("who", "Alex", 3),
                new Verb.Set("where", "here", 3),
                new Verb.Record("wav", TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(5), "*#", "vm", "in", 5),
                new Verb.SendMessage("chat", "+361", "hi", 6),
                new Verb.Record("mp3", null, null, "", null, null, 7),
            ],
            verbs.RemoveAt(4));
        var transfer = Assert.IsType<Verb.Transfer>(verbs[4]);
        Assert.Equal(("204", "http://app.test/done"), (Assert.Single(transfer.Targets), transfer.FinishedUrl));
    }

    [Fact]
    public void A_wait_for_a_message_has_its_three_blocks()
    {
        var wait = Assert.IsType<Verb.WaitForMessage>(Read("""
            <Response>
              <WaitForMsg FromConnection="sms" FromAddress="+361">
                <Execute><Beep/></Execute><OnMessage><Speak>$Text</Speak></OnMessage><OnTimeout><Hangup/></OnTimeout>
              </WaitForMsg>
            </Response>
            """)[0]);

        Assert.Equal(("sms", "+361", TimeSpan.FromSeconds(90)), (wait.Connection, wait.Address, wait.Timeout));
        Assert.Equal([new Verb.Beep(3)], wait.First);
        Assert.IsType<Verb.Template>(Assert.Single(wait.OnMessage));
        Assert.Equal([new Verb.HangUp(null, 3)], wait.OnTimeout);
    }

    [Fact]
    public void A_command_with_variables_is_read_when_its_turn_comes()
    {
        var verbs = Read("<Response><Delay>$wait</Delay><Play AudioFile='$file' Repeat='$nope'/><Speak>5$ and $ and $1</Speak></Response>");
        var variables = ScriptVariables.None.With("WAIT", "7")!.With("file", "../secret.wav")!;
        var scope = new ScriptScope(variables, null);

        var bound = verbs.Take(2).Select(v => Assert.IsType<Verb.Template>(v).Of.Bind(scope)).ToList();

        Assert.Equal(new Verb.Delay(TimeSpan.FromSeconds(7), 1), bound[0]);
        Assert.Equal(new Verb.Invalid("Play", 302, "Missing or invalid parameter 'AudioFile' for command 'Play'", 1), bound[1]);
        Assert.Equal(new Verb.Speak("5$ and $ and $1", null, null, 1), verbs[2]);
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
