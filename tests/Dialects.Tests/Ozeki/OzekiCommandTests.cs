namespace Switchhook.Dialects.Tests.Ozeki;

public class OzekiCommandTests
{
    [Theory]
    [InlineData("Teleport")]
    [InlineData("GetCallHistory")]
    public async Task An_unknown_command_is_301_with_the_word_that_was_sent(string word)
    {
        var answer = await new OzekiWorld().AskAsync("command=" + word);

        Assert.Equal((301, $"Not implemented command: '{word}'"), answer);
    }

    [Theory]
    [InlineData("Array")]
    [InlineData("Beep")]
    [InlineData("Delay")]
    [InlineData("DeleteFile")]
    [InlineData("Exit")]
    [InlineData("ForEach")]
    [InlineData("GoTo")]
    [InlineData("MoveFile")]
    [InlineData("ReceiveAlarmNotification")]
    [InlineData("Reject")]
    [InlineData("Route")]
    [InlineData("SendMsg")]
    [InlineData("UserInput")]
    [InlineData("Var")]
    [InlineData("WaitForMsg")]
    public async Task A_command_for_scripts_only_is_303_with_its_own_spelling(string name)
    {
        var answer = await new OzekiWorld().AskAsync("command=" + name.ToUpperInvariant());

        Assert.Equal((303, $"Command '{name}' cannot be used here"), answer);
    }
}
