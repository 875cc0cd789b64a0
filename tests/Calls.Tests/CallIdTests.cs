namespace Switchhook.Calls.Tests;

public sealed class CallIdTests
{
    [Theory]
    [InlineData(0L)]
    [InlineData(1L)]
    [InlineData(61L)]
    [InlineData(62L)]
    [InlineData(CallId.MaxValue)]
    public void An_id_is_read_back_from_its_text(long value)
    {
        var text = new CallId(value).ToString();

        Assert.Equal(8, text.Length);
        Assert.True(CallId.TryParse(text, out var read));
        Assert.Equal(value, read.Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("abcdefgh9")]
    [InlineData("abc-efgh")]
    [InlineData("zzzzzzzz")]
    public void What_is_no_id_is_not_read(string? text) => Assert.False(CallId.TryParse(text, out _));

    [Fact]
    public void A_leg_is_named_by_its_call_and_number() => Assert.Equal("00000001-2", new LegId(new CallId(1), 2).ToString());
}
