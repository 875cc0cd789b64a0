using System.Reflection;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Switchhook.Server.Native;

/// <summary>
/// Puts the schemas of <c>/openapi/v1.json</c> right where they are derived from records that say less than the readers of bodies do: members that
/// may be left out are not required, and a number is a number.
/// </summary>
internal static class NativeSchemas
{
    private static readonly NullabilityInfoContext Nullability = new();

    public static Task CorrectAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        if (schema.Type is { } type && (type & (JsonSchemaType.Integer | JsonSchemaType.Number)) != 0)
            (schema.Type, schema.Pattern) = (type & ~JsonSchemaType.String, null);
        var shown = context.JsonTypeInfo.Type;
        if (context.JsonPropertyInfo is { } member && member.DeclaringType == typeof(HangupBody) && member.PropertyType == typeof(int?))
            (schema.Type, schema.Format) = (JsonSchemaType.Integer | JsonSchemaType.String | JsonSchemaType.Null, null);
        if (shown.Name.EndsWith("Body", StringComparison.Ordinal) && schema.Required is { } required)
        {
            foreach (var property in shown.GetProperties().Where(MayBeLeftOut))
                required.Remove(System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(property.Name));
        }
        return Task.CompletedTask;
    }

    private static bool MayBeLeftOut(PropertyInfo property)
    {
        lock (Nullability)
            return Nullability.Create(property).ReadState == NullabilityState.Nullable;
    }
}
