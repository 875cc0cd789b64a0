using System.Collections.Immutable;

namespace Switchhook.Dialects.OpenVox.Wire;

/// <summary>What an answer or a report says, before it is JSON or XML.</summary>
internal abstract record OpenVoxNode
{
    /// <summary>A scalar: the vendor writes numbers as strings too.</summary>
    public sealed record Text(string Value) : OpenVoxNode;

    /// <summary>One of the few numbers that are numbers on the wire.</summary>
    public sealed record Number(int Value) : OpenVoxNode;

    /// <summary>Members in the vendor's order.</summary>
    public sealed record Map(ImmutableArray<OpenVoxMember> Members) : OpenVoxNode;

    /// <summary>Several of a kind.</summary>
    /// <param name="Unwrapped">In XML a single one stands without its item element.</param>
    public sealed record List(ImmutableArray<OpenVoxNode> Items, bool Unwrapped = false) : OpenVoxNode;

    private OpenVoxNode() { }

    public static implicit operator OpenVoxNode(string text) => new Text(text);

    public static Map Of(params ReadOnlySpan<OpenVoxMember> members) => new([.. members]);
}

/// <summary>One member by name.</summary>
internal readonly record struct OpenVoxMember(string Name, OpenVoxNode Value)
{
    public static implicit operator OpenVoxMember((string Name, string Value) pair) => new(pair.Name, pair.Value);

    public static implicit operator OpenVoxMember((string Name, OpenVoxNode Value) pair) => new(pair.Name, pair.Value);
}
