using System.Net.Sockets;
using System.Text;
using Switchhook.TestKit.Http;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Catapult;

/// <summary>An upload that a kill cuts off.</summary>
public sealed class CatapultMediaCrashTests
{
    [Fact]
    public async Task A_kill_in_the_middle_of_an_upload_leaves_the_file_of_before_and_nothing_else()
    {
        var data = Directory.CreateTempSubdirectory("switchhook-media-crash").FullName;
        try
        {
            await using var app = await WebhookInbox.StartAsync();
            await using var server = await TestServer.StartAsync(new ServerSetup { Provisioning = CatapultLab.Provisioning(app.Url, 9), Data = data });
            using var catapult = CatapultLab.ApiOf(server);
            await catapult.SendAsync(HttpMethod.Put, "media/greeting.txt", new StringContent("of before"));
            using var half = new TcpClient();
            await half.ConnectAsync(server.Http.Host, server.Http.Port, TestContext.Current.CancellationToken);
            var secret = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{CatapultLab.Token}:{CatapultLab.Secret}"));
            await half.GetStream().WriteAsync(
                Encoding.ASCII.GetBytes($"PUT /v1/users/{CatapultLab.User}/media/greeting.txt HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {secret}\r\nContent-Length: 200\r\n\r\nonly half"),
                TestContext.Current.CancellationToken);
            await Eventually.TrueAsync(() => Left(data).Length == 1, "the upload is under way");

            await server.KillAsync();
            await server.WaitAsync();
            await using var again = await server.StartAgainAsync();
            using var after = CatapultLab.ApiOf(again);
            var kept = await after.GetAsync("media/greeting.txt");
            var list = await after.GetAsync("media");
            var replaced = await after.SendAsync(HttpMethod.Put, "media/greeting.txt", new StringContent("of now"));

            Assert.Equal("of before", kept.Text);
            Assert.Equal(1, list.Json.GetArrayLength());
            Assert.Empty(Left(data));
            Assert.Equal((200, "of now"), (replaced.Status, (await after.GetAsync("media/greeting.txt")).Text));
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static string[] Left(string data) => Directory.GetFiles(data, "n-*", SearchOption.AllDirectories);
}
