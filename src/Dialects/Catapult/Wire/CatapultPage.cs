using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace Switchhook.Dialects.Catapult.Wire;

/// <summary>Which page of a list is asked for.</summary>
/// <param name="Number">From 0.</param>
/// <param name="Size">Entries of a page.</param>
internal readonly record struct CatapultPage(int Number, int Size)
{
    private const int StandardSize = 25;
    private const int LargestSize = 1000;
    private const int LastPage = 1_000_000;

    /// <summary>Entries before the page.</summary>
    public long Skip => (long)Number * Size;

    /// <summary>What is wrong with the parameters, or null.</summary>
    public static CatapultError? Read(CatapultAsk ask, string resource, out CatapultPage page)
    {
        page = default;
        if (NumberOf(ask, resource, "page", 0, 0, LastPage, out var number) is { } wrong)
            return wrong;
        if (NumberOf(ask, resource, "size", StandardSize, 1, LargestSize, out var size) is { } wrongSize)
            return wrongSize;
        page = new(number, size);
        return null;
    }

    /// <summary>The page as an answer: its entries, and the way to the others in the Link header (RFC 8288).</summary>
    /// <param name="ask">What was asked.</param>
    /// <param name="entries">Its entries, and maybe one more, which says that there is a next page.</param>
    /// <param name="hasNext">Said where the one more is not there.</param>
    public CatapultAnswer Answer(CatapultAsk ask, IReadOnlyList<CatapultMembers> entries, bool hasNext = false)
    {
        List<string> links = [LinkTo(ask, 0, "first")];
        if (Number > 0)
            links.Add(LinkTo(ask, Number - 1, "previous"));
        if (hasNext || entries.Count > Size)
            links.Add(LinkTo(ask, Number + 1, "next"));
        return CatapultAnswer.Of(entries.Take(Size)) with { Headers = [("Link", string.Join(", ", links))] };
    }

    /// <summary>The address asked for with another page; escaped, so that it holds neither commas nor blanks, at which clients split.</summary>
    private static string LinkTo(CatapultAsk ask, int page, string relation)
    {
        var request = ask.Context.Request;
        List<string> query = [];
        foreach (var pair in new QueryStringEnumerable(request.QueryString.Value))
        {
            if (pair.DecodeName().Span is not "page")
                query.Add($"{Uri.EscapeDataString(pair.DecodeName().ToString())}={Uri.EscapeDataString(pair.DecodeValue().ToString())}");
        }
        query.Add(string.Create(CultureInfo.InvariantCulture, $"page={page}"));
        var path = request.PathBase.Add(request.Path).ToUriComponent().Replace(",", "%2C", StringComparison.Ordinal);
        return $"<{request.Scheme}://{request.Host}{path}?{string.Join('&', query)}>; rel=\"{relation}\"";
    }

    private static CatapultError? NumberOf(CatapultAsk ask, string resource, string name, int usual, int least, int most, out int number)
    {
        number = usual;
        if (ask.Query(name) is not { } text)
            return null;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var given))
            return CatapultError.BadParameters;
        if (given > most)
            return CatapultError.TooGreat(resource, name, most.ToString(CultureInfo.InvariantCulture));
        if (given < least)
            return CatapultError.TooSmall(resource, name, (least - 1).ToString(CultureInfo.InvariantCulture));
        number = (int)given;
        return null;
    }
}
