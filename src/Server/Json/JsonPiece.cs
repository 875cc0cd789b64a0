using System.Collections.Immutable;

namespace Switchhook.Server.Json;

/// <summary>A JSON value that knows the line it was written on, from 1.</summary>
internal abstract record JsonPiece(int Line)
{
    /// <summary>What it is, in words for a message.</summary>
    public abstract string Kind { get; }

    public sealed record Members(ImmutableArray<JsonMember> All, int Line) : JsonPiece(Line)
    {
        public override string Kind => "an object";
    }

    public sealed record Items(ImmutableArray<JsonPiece> All, int Line) : JsonPiece(Line)
    {
        public override string Kind => "a list";
    }

    public sealed record Text(string Value, int Line) : JsonPiece(Line)
    {
        public override string Kind => "text";
    }

    /// <summary>A number as written.</summary>
    public sealed record Number(string Value, int Line) : JsonPiece(Line)
    {
        public override string Kind => "a number";
    }

    public sealed record Truth(bool Value, int Line) : JsonPiece(Line)
    {
        public override string Kind => "true or false";
    }

    public sealed record Nothing(int Line) : JsonPiece(Line)
    {
        public override string Kind => "null";
    }
}

/// <summary>One member of an object; <see cref="Line"/> is that of its name.</summary>
internal sealed record JsonMember(string Name, JsonPiece Value, int Line);
