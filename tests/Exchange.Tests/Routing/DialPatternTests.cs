using FsCheck.Fluent;
using Switchhook.Exchange.Routing;

namespace Switchhook.Exchange.Tests.Routing;

public sealed class DialPatternTests
{
    [Theory]
    [InlineData("101", "101")]
    [InlineData("*97#", "*97#")]
    [InlineData("X", "0")]
    [InlineData("X", "9")]
    [InlineData("x", "5")]
    [InlineData("Z", "1")]
    [InlineData("z", "9")]
    [InlineData("N", "2")]
    [InlineData("n", "9")]
    [InlineData("[14]", "4")]
    [InlineData("[1-4]", "1")]
    [InlineData("[1-4]", "4")]
    [InlineData("[1-37-9]", "8")]
    [InlineData("[*1-3]", "*")]
    [InlineData("[1-]", "-")]
    [InlineData("1[25]X", "157")]
    [InlineData("+X.", "+61")]
    [InlineData("9.", "9anything")]
    [InlineData("9!", "9")]
    [InlineData("9!", "912")]
    [InlineData("!", "")]
    [InlineData(".", "a")]
    [InlineData("NXXNXXXXXX", "2125550100")]
    public void A_pattern_fits(string pattern, string number) => Assert.True(DialPattern.Matches(pattern, number));

    [Theory]
    [InlineData("101", "102")]
    [InlineData("101", "1011")]
    [InlineData("101", "10")]
    [InlineData("X", "*")]
    [InlineData("X", "a")]
    [InlineData("X", "٣")]
    [InlineData("Z", "0")]
    [InlineData("N", "1")]
    [InlineData("N", "0")]
    [InlineData("[14]", "2")]
    [InlineData("[1-4]", "5")]
    [InlineData("[1-4]", "-")]
    [InlineData("[1-37-9]", "5")]
    [InlineData("[1-4]", "")]
    [InlineData("[1-4", "1")]
    [InlineData("+X.", "+6")]
    [InlineData("9.", "9")]
    [InlineData(".", "")]
    [InlineData("", "1")]
    [InlineData("NXXNXXXXXX", "1125550100")]
    public void A_pattern_does_not_fit(string pattern, string number) => Assert.False(DialPattern.Matches(pattern, number));

    [Theory]
    [InlineData("101", 3)]
    [InlineData("+65X.", 3)]
    [InlineData("+.", 1)]
    [InlineData("9!", 1)]
    [InlineData("00[1-4]X", 2)]
    [InlineData("X", 0)]
    [InlineData("1z", 1)]
    [InlineData("1N", 1)]
    [InlineData("", 0)]
    public void The_literal_prefix_ends_at_the_first_symbol(string pattern, int length) => Assert.Equal(length, DialPattern.LiteralPrefix(pattern));

    [Theory]
    [InlineData("", "empty")]
    [InlineData(".1", "last")]
    [InlineData("!X", "last")]
    [InlineData("1..", "last")]
    [InlineData("[1-4", "']'")]
    [InlineData("1[]", "set")]
    [InlineData("[4-1]", "backwards")]
    [InlineData("[1-39-7]", "9-7")]
    public void A_mistake_in_a_pattern_is_named(string pattern, string word) => Assert.Contains(word, DialPattern.Mistake(pattern), StringComparison.Ordinal);

    [Theory]
    [InlineData("101")]
    [InlineData("+X.")]
    [InlineData("[1-4]X!")]
    [InlineData("[1-]")]
    [InlineData("[1-37-9]")]
    [InlineData(".")]
    public void A_good_pattern_has_no_mistake(string pattern) => Assert.Null(DialPattern.Mistake(pattern));

    [Fact]
    public void A_number_of_plain_digits_fits_itself_and_the_pattern_of_as_many_digits()
    {
        var numbers = Gen.Elements("0123456789".ToCharArray()).ArrayOf().Where(d => d.Length > 0).Select(d => new string(d)).Sample(300, 12);

        Assert.All(numbers, number =>
        {
            Assert.True(DialPattern.Matches(number, number));
            Assert.True(DialPattern.Matches(new string('X', number.Length), number));
            Assert.False(DialPattern.Matches(new string('X', number.Length + 1), number));
        });
    }

    [Fact]
    public void No_pattern_and_no_number_make_matching_throw()
    {
        var texts = Gen.Elements("XZNxzn[]-.!0123456789+*#a\0é".ToCharArray()).ArrayOf().Select(c => new string(c)).Sample(400, 14);

        foreach (var pattern in texts)
        {
            DialPattern.Mistake(pattern);
            DialPattern.LiteralPrefix(pattern);
            foreach (var number in texts.Take(40))
                DialPattern.Matches(pattern, number);
        }
    }
}
