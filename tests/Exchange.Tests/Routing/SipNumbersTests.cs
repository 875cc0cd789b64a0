using System.Text;
using FsCheck.Fluent;
using Switchhook.Exchange.Routing;
using Switchhook.Sip.Messages;

namespace Switchhook.Exchange.Tests.Routing;

public sealed class SipNumbersTests
{
    [Theory]
    [InlineData("101", "101")]
    [InlineData("+6561234567", "+6561234567")]
    [InlineData("*97", "*97")]
    [InlineData("#21", "%2321")]
    [InlineData("a b", "a%20b")]
    [InlineData("a@b", "a%40b")]
    [InlineData("a:b", "a%3Ab")]
    [InlineData("50%", "50%25")]
    [InlineData("a\r\nVia: x", "a%0D%0AVia%3A%20x")]
    [InlineData("\0", "%00")]
    [InlineData("é", "%C3%A9")]
    [InlineData("☎", "%E2%98%8E")]
    [InlineData("😀", "%F0%9F%98%80")]
    [InlineData("", "")]
    public void What_a_user_part_may_not_hold_is_escaped(string number, string escaped) => Assert.Equal(escaped, SipNumbers.Escape(number));

    [Theory]
    [InlineData("sip:800@switch.example", "800")]
    [InlineData("sip:%2A97@switch.example", "*97")]
    [InlineData("sip:+3612345678;phone-context=x@switch.example;user=phone", "+3612345678")]
    [InlineData("sip:800;ext=5@switch.example;user=phone", "800")]
    [InlineData("tel:+36-12.34(5)678;ext=5", "+3612345678")]
    [InlineData("sip:front-desk@switch.example", "front-desk")]
    [InlineData("sip:switch.example", "")]
    public void A_uri_names_a_number_without_its_parameters(string text, string number)
    {
        Assert.True(SipUri.TryParse(Encoding.UTF8.GetBytes(text), out var uri));

        Assert.Equal(number, SipNumbers.Of(uri));
    }

    [Fact]
    public void Half_a_surrogate_pair_becomes_the_replacement_character() => Assert.Equal("%EF%BF%BD", SipNumbers.Escape("\uD800"));

    [Fact]
    public void Whatever_the_number_its_uri_reads_back_as_the_same_number()
    {
        var numbers = Gen.Elements("019+*#@:;?/&=%<>\" \t\r\n\0é☎,".ToCharArray()).ArrayOf().Where(c => c.Length > 0).Select(c => new string(c)).Sample(300, 10);

        Assert.All(numbers, number =>
        {
            Assert.True(SipUri.TryParse(Encoding.UTF8.GetBytes($"sip:{SipNumbers.Escape(number)}@switchhook.local"), out var uri));
            Assert.Equal(number, uri.UserText);
        });
    }
}
