using System.Globalization;
using System.Xml.Linq;

namespace Switchhook.TestKit.Servers;

/// <summary>An answer of the Ozeki interface.</summary>
public sealed record OzekiAnswer(int Code, string Message, XElement Root, string Text)
{
    /// <summary>The rows of the payload by their element's name.</summary>
    public IReadOnlyList<XElement> Rows(string name) => [.. Root.Descendants(name)];
}

/// <summary>An application that speaks the Ozeki HTTP interface.</summary>
public sealed class OzekiApi(Uri address, string user, string password, string path = "/api") : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>The same interface under other credentials.</summary>
    public OzekiApi As(string otherUser, string otherPassword) => new(address, otherUser, otherPassword, path);

    /// <summary>Sends a command as a form.</summary>
    public async Task<OzekiAnswer> AskAsync(string command, params (string Name, string Value)[] parameters)
    {
        List<KeyValuePair<string, string>> form = [new("command", command), new("Username", user), new("Password", password)];
        form.AddRange(parameters.Select(p => new KeyValuePair<string, string>(p.Name, p.Value)));
        using var content = new FormUrlEncodedContent(form);
        using var reply = await _client.PostAsync(new Uri(path, UriKind.Relative), content);
        var text = await reply.Content.ReadAsStringAsync();
        var root = XDocument.Parse(text).Root!;
        return new OzekiAnswer(int.Parse(root.Element("Code")!.Value, CultureInfo.InvariantCulture), root.Element("Message")!.Value, root, text);
    }

    /// <summary>Ends a call.</summary>
    public Task<OzekiAnswer> HangUpAsync(string callId) => AskAsync("Hangup", ("CallId", callId));

    /// <summary>The live calls as rows.</summary>
    public async Task<IReadOnlyList<XElement>> LiveAsync() => (await AskAsync("ListActiveCalls")).Rows("Call");

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();
}
