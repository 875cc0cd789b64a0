namespace Switchhook.Sip.Resolution;

/// <summary>Finds servers by asking until the selection asks nothing more.</summary>
public sealed class TargetFinder(IDnsQueries dns, TargetPolicy policy)
{
    // NAPTR orders may be walked one by one; everything else is at most three rounds.
    private const int MostRounds = 24;

    /// <summary>The servers, or why there are none. Waits for the network: never on a shard's thread.</summary>
    public async ValueTask<TargetStep> FindAsync(TargetQuestion question, CancellationToken cancellation)
    {
        Dictionary<DnsQuestion, DnsAnswer> known = [];
        for (var round = 0; round < MostRounds; round++)
        {
            var step = TargetSelection.Select(question, policy, q => known.GetValueOrDefault(q));
            if (step is not TargetStep.Ask ask) return step;
            var asked = ask.Questions.Select(q => dns.QueryAsync(q.Name, q.Type, cancellation).AsTask()).ToList();
            var answers = await Task.WhenAll(asked).ConfigureAwait(false);
            for (var i = 0; i < answers.Length; i++) known[ask.Questions[i]] = answers[i];
        }

        return new TargetStep.Nowhere(TargetFault.Unanswered, TimeSpan.Zero);
    }
}
