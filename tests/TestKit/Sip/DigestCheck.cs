namespace Switchhook.TestKit.Sip;

/// <summary>The other end of digest authentication: a phone that challenges, and looks at the answer.</summary>
public static class DigestCheck
{
    /// <summary>A challenge with <c>qop=auth</c>.</summary>
    public static string Challenge(string realm, string nonce, string algorithm = "MD5") =>
        $"Digest realm=\"{realm}\", nonce=\"{nonce}\", algorithm={algorithm}, qop=\"auth\"";

    /// <summary>True when the header answers a challenge with that nonce for that user, secret and method.</summary>
    public static bool IsRight(string authorization, string user, string secret, string method, string nonce)
    {
        if (!authorization.StartsWith("Digest ", StringComparison.OrdinalIgnoreCase))
            return false;
        var given = DigestAnswer.Read(authorization);
        return given.GetValueOrDefault("username") == user
            && given.GetValueOrDefault("nonce") == nonce
            && given.GetValueOrDefault("response") == DigestAnswer.Response(given, user, secret, method);
    }
}
