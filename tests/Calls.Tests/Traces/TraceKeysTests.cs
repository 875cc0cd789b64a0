using Switchhook.Calls.Traces;

namespace Switchhook.Calls.Tests.Traces;

public sealed class TraceKeysTests
{
    [Theory]
    [InlineData("""{"event":"digit.heard","digits":"4","tag":"4"}""", """{"event":"digit.heard","digits":"?","tag":"4"}""")]
    [InlineData("""{ "digits" : "12#", "reason": "end-key" }""", """{ "digits" : "???", "reason": "end-key" }""")]
    [InlineData("""{"digits":null,"leg":"1"}""", """{"digits":null,"leg":"1"}""")]
    [InlineData("""[{"digits":"1"},{"digits":"22"}]""", """[{"digits":"?"},{"digits":"??"}]""")]
    [InlineData("NotificationName=DtmfEntered&DtmfDigits=7319&CallerID=201", "NotificationName=DtmfEntered&DtmfDigits=????&CallerID=201")]
    [InlineData("DtmfDigits=7319", "DtmfDigits=????")]
    [InlineData("""{"digits":"12""", """{"digits":"??""")]
    [InlineData("\"digits\"", "\"digits\"")]
    [InlineData("", "")]
    public void Bodies_of_webhooks_lose_their_keys_and_nothing_else(string body, string shown) =>
        Assert.Equal(shown, TraceKeys.HideInBody(body));

    [Fact]
    public void Each_key_is_one_mark() => Assert.Equal("????", TraceKeys.Hide("12*#"));
}
