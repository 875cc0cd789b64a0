using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Hoiio.Checks;
using Switchhook.Dialects.Hoiio.Notifications;
using Switchhook.Dialects.Hoiio.Operations;
using Switchhook.Dialects.Hoiio.Sessions;

namespace Switchhook.Dialects.Hoiio;

/// <summary>The dialect as the server wires it: it tells applications from the start, and takes requests once it is started.</summary>
public sealed class HoiioDialect : IAsyncDisposable
{
    private readonly IDirectory _directory;
    private readonly ICallHistory _history;
    private readonly HoiioOptions _options;
    private readonly TimeProvider _time;
    private readonly HoiioDesk _desk;
    private readonly HoiioOrders _orders = new();
    private readonly HoiioLedger _ledger;
    private HoiioDriver? _driver;

    public HoiioDialect(IDirectory directory, ICallHistory history, HoiioOptions options, TimeProvider time, IHoiioLedgerStore? spent = null)
    {
        (_directory, _history, _options, _time) = (directory, history, options, time);
        _desk = new HoiioDesk(directory);
        _ledger = new HoiioLedger(history, directory, _desk, spent);
        Notifications = new HoiioNotifications(directory, _desk, _orders, _ledger, options, time);
    }

    /// <summary>Tells applications what happens to their calls.</summary>
    public INotificationSource Notifications { get; }

    /// <summary>Takes calls to numbers that lead to applications.</summary>
    public INumberApplications Numbers => new HoiioNumberCalls(_options);

    internal HoiioDesk Desk => _desk;

    internal HoiioDriver? Driver => _driver;

    /// <summary>Begins to work on calls; ends when this is disposed.</summary>
    public HoiioApi Start(ICallControl calls, IHttpCaller http, IPrompts prompts, ILogger log)
    {
        _driver = new HoiioDriver(calls, _desk, _orders, _ledger, _options, _time, log);
        var ports = new HoiioPorts(
            calls, _history, _directory, _desk, new HoiioRunner(calls, _options), _ledger, new HoiioCallLimit(calls, _desk, _options.MaxCalls),
            new HoiioChecks(http, prompts, _options, _time), new HoiioRooms(calls, _time), _time, _options);
        return new HoiioApi(_directory, ports, _options, log);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_driver is not null)
            await _driver.DisposeAsync();
    }
}

/// <summary>Wiring for the server.</summary>
public static class HoiioPipeline
{
    /// <summary>Answers everything below <c>/open/</c>; the rest goes on.</summary>
    public static void UseHoiio(this IApplicationBuilder app, HoiioApi api) =>
        app.UseWhen(static context => context.Request.Path.StartsWithSegments("/open", StringComparison.Ordinal), branch => branch.Run(api.HandleAsync));
}
