using System.Text.Json;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Scripts;

namespace Switchhook.Storage.History;

/// <summary>What a call is to do.</summary>
internal static partial class CallJsonWriter
{
    private static void Write(Utf8JsonWriter json, CallPlan plan)
    {
        json.WriteStartObject();
        switch (plan)
        {
            case CallPlan.Connect connect:
                json.WriteString(Tag, "connect"u8);
                Write(json, "target"u8, connect.Target);
                json.Span("ringTime"u8, connect.RingTime);
                json.WriteStartArray("also"u8);
                foreach (var target in connect.Also)
                    Write(json, target);
                json.WriteEndArray();
                break;
            case CallPlan.Service(var behaviour, var prompt):
                json.WriteString(Tag, "service"u8);
                json.WriteString("behaviour"u8, Word(behaviour));
                json.Optional("prompt"u8, prompt);
                break;
            case CallPlan.Scripted(var script, var fetchTime):
                json.WriteString(Tag, "scripted"u8);
                Write(json, script);
                json.Span("fetchTime"u8, fetchTime);
                break;
            case CallPlan.Originated originated:
                json.WriteString(Tag, "originated"u8);
                Write(json, "first"u8, originated.First);
                Write(json, originated.Then);
                if (originated.Second is { } second)
                    Write(json, "second"u8, second);
                json.Span("ringTime"u8, originated.RingTime);
                break;
            case CallPlan.Offered(var dialect, var application, var offerTime):
                json.WriteString(Tag, "offered"u8);
                json.WriteString("dialect"u8, dialect);
                json.WriteString("application"u8, application);
                json.Span("ringTime"u8, offerTime);
                break;
            case CallPlan.Refused(var cause, var rule):
                json.WriteString(Tag, "refused"u8);
                json.WriteString("cause"u8, Word(cause));
                json.WriteString("rule"u8, rule);
                break;
            default: throw Unknown(plan);
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, OnAnswer then)
    {
        json.WriteStartObject("then"u8);
        switch (then)
        {
            case OnAnswer.RunScript(var script):
                json.WriteString(Tag, "runScript"u8);
                if (script is not null)
                    Write(json, script);
                break;
            case OnAnswer.Connect(var number):
                json.WriteString(Tag, "connect"u8);
                json.WriteString("number"u8, number);
                break;
            case OnAnswer.Supervise(var target, var role, var leg):
                json.WriteString(Tag, "supervise"u8);
                json.Id("target"u8, target);
                json.WriteString("role"u8, Word(role));
                json.WriteNumber("leg"u8, leg);
                break;
            case OnAnswer.Wait: json.WriteString(Tag, "wait"u8); break;
            default: throw Unknown(then);
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ScriptRef script)
    {
        json.WriteStartObject("script"u8);
        json.WriteString("dialect"u8, script.Dialect);
        json.Optional("url"u8, script.Url);
        json.Optional("document"u8, script.Document);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, LegTarget target)
    {
        json.WritePropertyName(name);
        Write(json, target);
    }

    private static void Write(Utf8JsonWriter json, LegTarget target)
    {
        json.WriteStartObject();
        switch (target)
        {
            case LegTarget.Extension(var number, var contact):
                json.WriteString(Tag, "extension"u8);
                json.WriteString("number"u8, number);
                json.Optional("contact"u8, contact);
                break;
            case LegTarget.Trunk(var trunk, var number):
                json.WriteString(Tag, "trunk"u8);
                json.WriteString("name"u8, trunk);
                json.WriteString("number"u8, number);
                break;
            default: throw Unknown(target);
        }
        json.WriteEndObject();
    }
}
