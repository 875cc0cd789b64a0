namespace Switchhook.Dialects.Tests.Ozeki;

public class OzekiAccessTests
{
    [Theory]
    [InlineData("", 304, "Authentication required")]
    [InlineData("&Username=ops", 304, "Authentication required")]
    [InlineData("&Password=s3cret", 304, "Authentication required")]
    [InlineData("&Username=ops&Password=", 304, "Authentication required")]
    [InlineData("&Username=ops&Password=wrong", 305, "Authentication failed, bad username or password")]
    [InlineData("&Username=ops&Password=S3CRET", 305, "Authentication failed, bad username or password")]
    [InlineData("&Username=nobody&Password=s3cret", 305, "Authentication failed, bad username or password")]
    [InlineData("&Username=nobody&Password=nobody", 305, "Authentication failed, bad username or password")]
    [InlineData("&Username=nopass&Password=nobody", 305, "Authentication failed, bad username or password")]
    [InlineData("&Username=plain&Password=plain", 306, "User is not allowed to use API in ACL")]
    [InlineData("&Username=OPS&Password=s3cret", 200, "Command successfully executed")]
    public async Task Credentials_have_their_codes(string credentials, int code, string message)
    {
        var world = new OzekiWorld();

        var answer = await world.GetAsync("command=ListActiveCalls" + credentials);

        Assert.Contains($"<Code>{code}</Code>\n  <Message>{message}</Message>", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_come_before_the_command_and_its_call()
    {
        var world = new OzekiWorld();

        var unknownCall = await world.GetAsync("command=Hangup&CallId=zzz9Q&Username=ops&Password=wrong");
        var unknownCommand = await world.GetAsync("command=Teleport&Username=ops&Password=wrong");

        Assert.Contains("<Code>305</Code>", unknownCall, StringComparison.Ordinal);
        Assert.Contains("<Code>305</Code>", unknownCommand, StringComparison.Ordinal);
    }
}
