using FsCheck;
using FsCheck.Fluent;
using Switchhook.Exchange.Subscriptions;

namespace Switchhook.Exchange.Tests.Subscriptions;

public sealed class SubscriptionTests
{
    [Fact]
    public void It_behaves_as_its_table_says()
    {
        var path = Path.Combine(Root(), "docs", "machines", "subscription.md");
        var table = SubscriptionTable.Write();
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
            File.WriteAllText(path, File.ReadAllText(path).Split("| State |")[0] + table);

        Assert.EndsWith("\n\n" + table, File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public void In_any_order_of_inputs_one_notify_is_out_at_most_and_everything_is_given_back_once()
    {
        var orders = Gen.Choose(0, SubscriptionTable.Inputs.Length - 1).ArrayOf(40).ToArbitrary();

        Prop.ForAll(orders, order =>
        {
            var (machine, isOut, released, timer, last) = (Subscription.Start, false, 0, false, false);
            foreach (var input in order.Select(i => SubscriptionTable.Inputs[i].Input))
            {
                // The outside answers only a NOTIFY that is out, and fires only a timer that runs.
                if (input is SubscriptionInput.Delivered or SubscriptionInput.Deferred or SubscriptionInput.Failed)
                {
                    if (!isOut)
                        continue;
                    isOut = false;
                }
                if (input is SubscriptionInput.Expired)
                {
                    if (!timer)
                        continue;
                    timer = false;
                }
                var step = machine.On(input);
                machine = step.Next;
                foreach (var effect in step.Effects)
                {
                    switch (effect)
                    {
                        case SubscriptionEffect.Notify n:
                            if (isOut || last)
                                return false;
                            (isOut, last) = (true, n.End is not null);
                            break;
                        case SubscriptionEffect.StartTimer: timer = true; break;
                        case SubscriptionEffect.StopTimer: timer = false; break;
                        case SubscriptionEffect.Release: released++; break;
                    }
                }
                if (input is SubscriptionInput.Subscribe && machine.State is not SubscriptionState.Over && !step.Effects.Any(e => e is SubscriptionEffect.Accept or SubscriptionEffect.Refuse))
                    return false;
            }
            return machine.State is SubscriptionState.Over ? released == 1 && !timer && !isOut : released == 0;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Switchhook.slnx")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
