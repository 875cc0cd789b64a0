using Switchhook.Ivr;
using Switchhook.Ivr.Documents;

namespace Switchhook.Dialects.Ozeki.Scripts;

/// <summary>A command with variables: read anew each time it runs, so that an attribute is checked with the value it has then.</summary>
internal sealed record OzmlTemplate(ScriptElement Element, OzmlContext Context) : IVerbTemplate
{
    public Verb Bind(ScriptScope scope) => OzmlVerb.FromPlain(Element.Expand(scope), Context);
}
