using Microsoft.Extensions.Logging.Console;

namespace Switchhook.Server.Running;

/// <summary>Logs go to standard error, one line each; standard output belongs to the banner and to commands.</summary>
internal static class ServerLogs
{
    public static ILoggerFactory Create(string level) => LoggerFactory.Create(builder =>
    {
        var least = level switch
        {
            "debug" => LogLevel.Debug,
            "warning" => LogLevel.Warning,
            "error" => LogLevel.Error,
            _ => LogLevel.Information,
        };
        builder.SetMinimumLevel(least);
        builder.AddFilter("Microsoft", least > LogLevel.Warning ? least : LogLevel.Warning);
        // A failed bind is told once, by its exit code and a sentence of ours.
        builder.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.AddFilter("Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware", LogLevel.Error);
        builder.AddSimpleConsole(o =>
        {
            o.SingleLine = true;
            o.UseUtcTimestamp = true;
            o.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            o.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        builder.Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
    });
}
