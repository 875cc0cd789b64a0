using System.Collections.Immutable;
using Switchhook.Ivr;
using Switchhook.Ivr.Documents;

namespace Switchhook.Dialects.Ozeki.Scripts;

/// <summary>Elements as OzML has them: names in any case, and variables in what a command says.</summary>
internal static class OzmlElements
{
    extension(ScriptElement element)
    {
        public bool Is(string name) => element.Name.Equals(name, StringComparison.OrdinalIgnoreCase);

        /// <summary>What stands in the children of that name, in order.</summary>
        public IEnumerable<ScriptElement> Inside(string name) => element.Children.Where(c => c.Is(name)).SelectMany(c => c.Children);

        /// <summary>True when what the command itself says has variables; the commands in it are another matter.</summary>
        public bool HasVariables =>
            element.Attributes.Values.Any(ScriptScope.HasVariables) || ScriptScope.HasVariables(element.Text) || element.Items.Any(c => c.HasVariables);

        /// <summary>The items of a list, which are text and no commands.</summary>
        public IEnumerable<ScriptElement> Items => element.Is("Array") ? element.Children.Where(c => c.Is("item")) : [];

        /// <summary>The command with its variables replaced.</summary>
        public ScriptElement Expand(ScriptScope scope) => element with
        {
            Attributes = element.Attributes.ToDictionary(a => a.Key, a => scope.Expand(a.Value), StringComparer.OrdinalIgnoreCase),
            Text = scope.Expand(element.Text),
            Children = element.Is("Array") ? [.. element.Children.Select(c => c.Expand(scope))] : element.Children,
        };
    }
}
