using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace Switchhook.Architecture.Tests;

/// <summary>Which project may know which: in the project files, and in what was compiled from them.</summary>
public sealed class ProjectArrowTests
{
    private static readonly string[] Everything = ["Calls", "Ivr", "Sip", "Media", "Exchange", "Dialects", "Webhooks", "Storage", "Console"];

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Calls"] = [],
        ["Ivr"] = ["Calls"],
        ["Sip"] = [],
        ["Media"] = [],
        ["Exchange"] = ["Calls", "Ivr", "Sip", "Media"],
        ["Dialects"] = ["Calls", "Ivr"],
        ["Webhooks"] = ["Calls"],
        ["Storage"] = ["Calls"],
        ["Console"] = ["Calls"],
        ["Server"] = Everything,
    };

    public static TheoryData<string> Projects() => [.. Repository.SourceProjects()];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_file_refers_only_to_the_projects_its_arrow_names(string project)
    {
        var references = XDocument.Load(Repository.ProjectFile(project)).Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));

        var outside = references.Except(AllowedFor(project));

        Assert.Empty(outside);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_compiled_project_refers_only_to_the_projects_its_arrow_names(string project)
    {
        using var assembly = Compiled.Open(project);

        var outside = assembly.References
            .Where(r => r.StartsWith("Switchhook.", StringComparison.Ordinal))
            .Select(r => r["Switchhook.".Length..])
            .Except(AllowedFor(project));

        Assert.Empty(outside);
    }

    [Theory]
    [InlineData("Calls")]
    [InlineData("Ivr")]
    public void Deciding_projects_open_no_file_no_connection_and_no_thread(string project)
    {
        using var assembly = Compiled.Open(project);

        var edges = assembly.TypeReferences.Where(t =>
            t.StartsWith("System.Net.Http.", StringComparison.Ordinal) || t.StartsWith("System.Net.Sockets.", StringComparison.Ordinal)
            || t.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal) || t.StartsWith("System.Data.", StringComparison.Ordinal)
            || t is "System.IO.File" or "System.IO.FileStream" or "System.Threading.Thread" or "System.Diagnostics.Process" or "System.Console");

        Assert.Empty(edges);
    }

    [Fact]
    public void Every_project_has_its_arrow()
    {
        var without = Repository.SourceProjects().Except(Allowed.Keys);

        Assert.Empty(without);
    }

    private static string[] AllowedFor(string project) => Allowed.GetValueOrDefault(project) ?? [];
}

/// <summary>A compiled project's metadata, read without loading it.</summary>
internal sealed class Compiled : IDisposable
{
    private readonly PEReader _file;
    private readonly MetadataReader _metadata;

    private Compiled(string path)
    {
        _file = new PEReader(File.OpenRead(path));
        _metadata = _file.GetMetadataReader();
    }

    public static Compiled Open(string project) =>
        new(Path.Combine(AppContext.BaseDirectory, project == "Server" ? "switchhook.dll" : $"Switchhook.{project}.dll"));

    public IReadOnlyList<string> References =>
        [.. _metadata.AssemblyReferences.Select(r => _metadata.GetString(_metadata.GetAssemblyReference(r).Name))];

    public IReadOnlyList<string> TypeReferences =>
        [.. _metadata.TypeReferences.Select(_metadata.GetTypeReference).Select(t => $"{_metadata.GetString(t.Namespace)}.{_metadata.GetString(t.Name)}")];

    /// <summary>Native functions that are called: namespace of the declaring type, its name, and the function.</summary>
    public IReadOnlyList<(string Namespace, string Type, string Function)> NativeCalls =>
    [
        .. from handle in _metadata.MethodDefinitions
           let method = _metadata.GetMethodDefinition(handle)
           where (method.Attributes & System.Reflection.MethodAttributes.PinvokeImpl) != 0
           let type = Outermost(method.GetDeclaringType())
           select (_metadata.GetString(type.Namespace), _metadata.GetString(type.Name), _metadata.GetString(method.GetImport().Name)),
    ];

    public void Dispose() => _file.Dispose();

    private TypeDefinition Outermost(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        return type.GetDeclaringType().IsNil ? type : Outermost(type.GetDeclaringType());
    }
}
