using System.Collections.Immutable;
using System.Xml;
using Switchhook.Calls.Audio;

namespace Switchhook.Dialects.Hoiio.Wire;

/// <summary>The <c>msg</c> parameter: a text, or pieces that are spoken and files that are played.</summary>
internal static class HoiioMessage
{
    /// <summary>Of the whole value as it was sent.</summary>
    public const int MostCharacters = 1000;

    /// <summary>The largest file.</summary>
    public const int MostFileOctets = 10 * 1024 * 1024;

    private const string Female = "+f2";
    private const string Male = "+m1";
    private const string DefaultLanguage = "en-US";

    private static readonly string[] Suffixes = [".mp3", ".wav", ".gsm"];

    /// <summary>What is to be played.</summary>
    /// <param name="value">The parameter; null for none.</param>
    /// <param name="options">The languages there are.</param>
    /// <param name="source">Null when there is nothing to play.</param>
    /// <returns>The status that names the mistake, or null.</returns>
    public static string? Read(string? value, HoiioOptions options, out AudioSource? source)
    {
        source = null;
        if (value is null)
            return null;
        if (value.Length > MostCharacters)
            return HoiioStatus.MsgLength;
        var parts = ImmutableArray.CreateBuilder<AudioSource>();
        if (!value.Contains("<speech", StringComparison.Ordinal) && !value.Contains("<url", StringComparison.Ordinal))
            Speak(parts, value, options, null, null);
        else if (ReadMarkup(value, options, parts) is { } mistake)
            return mistake;
        source = parts.Count switch { 0 => null, 1 => parts[0], _ => new AudioSource.Sequence(parts.ToImmutable()) };
        return null;
    }

    private static string? ReadMarkup(string value, HoiioOptions options, ImmutableArray<AudioSource>.Builder parts)
    {
        var settings = new XmlReaderSettings { ConformanceLevel = ConformanceLevel.Fragment, DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };
        try
        {
            using var text = new StringReader(value);
            using var xml = XmlReader.Create(text, settings);
            while (xml.Read())
            {
                var mistake = xml.NodeType switch
                {
                    XmlNodeType.Text or XmlNodeType.CDATA => Speak(parts, xml.Value, options, null, null),
                    XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace => null,
                    XmlNodeType.Element => ReadElement(xml, options, parts),
                    _ => HoiioStatus.MsgXml,
                };
                if (mistake is not null)
                    return mistake;
            }
            return null;
        }
        catch (XmlException)
        {
            return HoiioStatus.MsgXml;
        }
    }

    private static string? ReadElement(XmlReader xml, HoiioOptions options, ImmutableArray<AudioSource>.Builder parts)
    {
        var (name, language, gender) = (xml.Name, xml.GetAttribute("language"), xml.GetAttribute("gender"));
        if (name is not ("speech" or "url"))
            return HoiioStatus.MsgXml;
        // Nothing may be nested in either.
        var text = xml.IsEmptyElement ? "" : xml.ReadString();
        if (!xml.IsEmptyElement && xml.NodeType != XmlNodeType.EndElement)
            return HoiioStatus.MsgXml;
        return name == "speech" ? Speak(parts, text, options, language, gender) : Play(parts, text.Trim());
    }

    private static string? Speak(ImmutableArray<AudioSource>.Builder parts, string text, HoiioOptions options, string? language, string? gender)
    {
        if (!options.Languages.TryGetValue(language ?? DefaultLanguage, out var engine))
            return HoiioStatus.MsgLanguage;
        if (gender is not (null or "female" or "male"))
            return HoiioStatus.MsgGender;
        if (!string.IsNullOrWhiteSpace(text))
            parts.Add(new AudioSource.Speech(text.Trim(), engine, engine + (gender == "male" ? Male : Female)));
        return null;
    }

    private static string? Play(ImmutableArray<AudioSource>.Builder parts, string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps) || url.Host.Length == 0)
            return HoiioStatus.MsgUrl;
        if (!Suffixes.Any(s => url.AbsolutePath.EndsWith(s, StringComparison.OrdinalIgnoreCase)))
            return HoiioStatus.MsgFormat;
        parts.Add(new AudioSource.File(address));
        return null;
    }
}
