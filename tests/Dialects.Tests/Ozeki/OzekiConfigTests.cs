using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;

namespace Switchhook.Dialects.Tests.Ozeki;

/// <summary>AddConfig, ModifyConfig, GetConfig, RemoveConfig and GenerateSecurityToken of the classic profile.</summary>
public sealed class OzekiConfigTests : IDirectory, IProvisioningChanges
{
    private readonly OzekiWorld _world;

    public OzekiConfigTests() => _world = new OzekiWorld { IsClassic = true, Directory = this, Editor = this };

    public CallDirectory Current { get; private set; } = new(OzekiWorld.Provisioned);

    void IProvisioningChanges.Change(Func<Provisioning, Provisioning> change)
    {
        var changed = change(Current.Provisioning);
        if (!ReferenceEquals(changed, Current.Provisioning))
            Current = new CallDirectory(changed);
    }

    /// <summary>The vendor's example, with its angle brackets as entities.</summary>
    [Theory]
    [InlineData("<Config><AuthorizationName>550</AuthorizationName><Password>pw550</Password><Username>Front desk</Username><Enabled>True</Enabled><ID>550</ID><UserID/></Config>")]
    [InlineData("&lt;Config xmlns:i='http://www.w3.org/2001/XMLSchema-instance'&gt;&lt;ID&gt;550&lt;/ID&gt;&lt;Password&gt;pw550&lt;/Password&gt;&lt;Username&gt;Front desk&lt;/Username&gt;&lt;/Config&gt;")]
    [InlineData("<config><id>550</id><password>pw550</password><username>Front desk</username></config>")]
    public async Task A_phone_is_added_for_the_account(string xml)
    {
        Assert.Equal((200, "Command successfully executed"), await ConfigAsync("AddConfig", xml));

        Assert.Equal(new Extension { Number = "550", Account = "ops", Secret = "pw550", Name = "Front desk" }, Current.Extension("550"));
    }

    [Fact]
    public async Task A_phone_is_changed_in_what_is_said_and_shown_and_taken_away()
    {
        await ConfigAsync("AddConfig", "<Config><ID>550</ID><Password>one</Password><Username>Desk</Username></Config>");

        Assert.Equal(200, (await ConfigAsync("ModifyConfig", "<Config><ID>550</ID><Password>t&lt;wo</Password></Config>")).Code);
        var shown = await _world.ListAsync("command=GetConfig&ExtensionId=550");

        Assert.Equal(["Config", "Code", "Message"], shown.Elements().Select(e => e.Name.LocalName));
        Assert.Equal("SIPExtensionInfo", shown.Element("Config")!.Attribute("knownType")!.Value);
        Assert.Equal(
            [
                ("AuthorizationName", "550"), ("Password", "t<wo"), ("Username", "Desk"), ("Enabled", "true"), ("ID", "550"), ("UserID", "ops"), ("LastIPAddress", ""),
                ("UserAgentName", ""),
            ],
            shown.Element("Config")!.Elements().Select(e => (e.Name.LocalName, e.Value)));
        Assert.Equal(200, (await _world.AskAsync("command=RemoveConfig&ExtensionId=550")).Code);
        Assert.Equal((701, "Configuration for type '550' not found"), await _world.AskAsync("command=RemoveConfig&ExtensionId=550"));
        Assert.Equal((701, "Configuration for type '550' not found"), await _world.AskAsync("command=GetConfig&ExtensionId=550"));
    }

    [Theory]
    [InlineData("AddConfig", "<Config><ID>201</ID><Password>x</Password></Config>", 703, "Extension configuration already exists")]
    [InlineData("AddConfig", "<Config><ID>977</ID><Password>x</Password></Config>", 703, "Extension configuration already exists")]
    [InlineData("AddConfig", "<Config><ID>550</ID></Config>", 702, "Invalid configuration for type 'SIP'")]
    [InlineData("AddConfig", "<Config><Password>x</Password></Config>", 702, "Invalid configuration for type 'SIP'")]
    [InlineData("AddConfig", "<Config><ID>desk</ID><Password>x</Password></Config>", 702, "Invalid configuration for type 'SIP'")]
    [InlineData("AddConfig", "<Config><ID>550</ID><Password>x</Password><AuthorizationName>551</AuthorizationName></Config>", 702, "Invalid configuration for type 'SIP'")]
    [InlineData("AddConfig", "<Config><ID>550</ID><Password>x</Password><Enabled>false</Enabled></Config>", 702, "Invalid configuration for type 'SIP'")]
    [InlineData("AddConfig", "<Other/>", 702, "Invalid configuration for type 'SIP'")]
    [InlineData("AddConfig", "<Config>", 300, "Error occured during parsing message: 'not well-formed, line 1'")]
    [InlineData("AddConfig", "<!DOCTYPE a><Config/>", 300, "Error occured during parsing message: 'not a document of elements alone'")]
    [InlineData("AddConfig", "", 302, "Missing or invalid parameter 'ConfigXML' for command 'AddConfig'")]
    [InlineData("ModifyConfig", "<Config><ID>550</ID><Password>x</Password></Config>", 702, "Invalid configuration for type 'SIP'")]
    [InlineData("ModifyConfig", "<Config><ID>977</ID><Password>x</Password></Config>", 702, "Invalid configuration for type 'SIP'")]
    [InlineData("ModifyConfig", "<Config><ID>900</ID><Password>x</Password></Config>", 702, "Invalid configuration for type 'SIP'")]
    public async Task What_cannot_be_has_its_code_and_changes_nothing(string command, string xml, int code, string message)
    {
        var before = Current;

        Assert.Equal((code, message), await ConfigAsync(command, xml));

        Assert.Same(before, Current);
    }

    [Theory]
    [InlineData("AddConfig&ConfigXML=%3CConfig/%3E", 302, "Missing or invalid parameter 'ExtensionType' for command 'AddConfig'")]
    [InlineData("AddConfig&ExtensionType=IVR&ConfigXML=%3CConfig%3E%3CID%3E550%3C/ID%3E%3C/Config%3E", 702, "Invalid configuration for type 'IVR'")]
    [InlineData("GetConfig", 302, "Missing or invalid parameter 'ExtensionId' for command 'GetConfig'")]
    [InlineData("GetConfig&ExtensionId=977", 701, "Configuration for type '977' not found")]
    [InlineData("RemoveConfig&ExtensionId=900", 701, "Configuration for type '900' not found")]
    [InlineData("GenerateSecurityToken", 302, "Missing or invalid parameter 'AuthXml' for command 'GenerateSecurityToken'")]
    [InlineData("GenerateSecurityToken&AuthXml=%3CToken/%3E", 302, "Missing or invalid parameter 'AuthXml' for command 'GenerateSecurityToken'")]
    [InlineData("GenerateSecurityToken&AuthXml=%3CSecurityToken", 300, "Error occured during parsing message: 'not well-formed, line 1'")]
    public async Task Parameters_and_extensions_have_their_codes(string query, int code, string message) =>
        Assert.Equal((code, message), await _world.AskAsync("command=" + query));

    [Fact]
    public async Task A_number_that_led_to_a_removed_phone_goes_with_it()
    {
        Current = new CallDirectory(Current.Provisioning with { Numbers = [new NumberEntry { Number = "+361", To = new NumberTarget { Extension = "201" } }] });

        await _world.AskAsync("command=RemoveConfig&ExtensionId=201@localhost");

        Assert.Null(Current.Extension("201"));
        Assert.Empty(Current.Provisioning.Numbers);
    }

    [Fact]
    public async Task A_token_is_made_anew_each_time()
    {
        const string query = "command=generatesecuritytoken&AuthXml=%3CSecurityToken%3E%3CAllowSessionModification%3Etrue%3C/AllowSessionModification%3E%3C/SecurityToken%3E";

        var (one, other) = ((await _world.ListAsync(query)).Element("SecurityToken"), (await _world.ListAsync(query)).Element("SecurityToken"));

        Assert.Equal(32, one!.Value.Length);
        Assert.NotEqual(one.Value, other!.Value);
    }

    [Fact]
    public async Task The_current_profile_has_none_of_them() =>
        Assert.Equal((301, "Not implemented command: 'GetConfig'"), await new OzekiWorld { Editor = this }.AskAsync("command=GetConfig&ExtensionId=201"));

    private Task<(int Code, string Message)> ConfigAsync(string command, string xml) =>
        _world.AskAsync($"command={command}&ExtensionType=SIP&ConfigXML={Uri.EscapeDataString(xml)}");
}
