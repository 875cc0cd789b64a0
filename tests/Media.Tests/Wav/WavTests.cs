using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using Switchhook.Media.Prompts;
using Switchhook.TestKit.Rtp;

namespace Switchhook.Media.Tests.Wav;

public sealed class WavTests
{
    private const double ToneHz = 440;

    [Theory]
    [InlineData(1, 16, 8_000, 1)]
    [InlineData(1, 16, 8_000, 2)]
    [InlineData(1, 8, 8_000, 1)]
    [InlineData(1, 24, 48_000, 2)]
    [InlineData(1, 16, 22_050, 1)]
    [InlineData(1, 16, 6_000, 1)]
    [InlineData(6, 8, 8_000, 1)]
    [InlineData(7, 8, 8_000, 1)]
    [InlineData(7, 8, 16_000, 2)]
    public void A_tone_in_any_known_shape_is_the_same_tone_as_a_prompt(int encoding, int bits, int rateHz, int channels)
    {
        var file = File(encoding, bits, rateHz, channels, rateHz);

        var error = Prompt.TryLoadWav("tone", file, PromptLimits.Default, out var prompt);

        Assert.Equal(PromptError.None, error);
        Assert.Equal(TimeSpan.FromSeconds(1), prompt!.Length);
        Assert.InRange(Goertzel.Share([.. prompt.MuLaw.Select(G711.DecodeMu)], ToneHz), 0.97, 1.01);
        Assert.InRange(Goertzel.Share([.. prompt.ALaw.Select(G711.DecodeA)], ToneHz), 0.97, 1.01);
    }

    [Fact]
    public void A_prompt_is_padded_with_silence_to_whole_frames()
    {
        var error = Prompt.TryLoadWav("short", File(7, 8, 8_000, 1, 161), PromptLimits.Default, out var prompt);

        Assert.Equal(PromptError.None, error);
        Assert.Equal(TimeSpan.FromMilliseconds(40), prompt!.Length);
        Assert.All(prompt.MuLaw[161..], o => Assert.Equal(0, G711.DecodeMu(o)));
    }

    [Fact]
    public void A_size_that_says_too_much_as_pipes_write_it_is_tolerated()
    {
        var file = File(1, 16, 8_000, 1, 8_000);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(40), 0xFFFF_FFFF);

        Assert.Equal(PromptError.None, Prompt.TryLoadWav("pipe", file, PromptLimits.Default, out var prompt));
        Assert.Equal(TimeSpan.FromSeconds(1), prompt!.Length);
    }

    [Fact]
    public void Each_mistake_has_a_name()
    {
        var good = File(1, 16, 8_000, 1, 80);

        Assert.Equal(PromptError.NotWave, Load("OggS and more than twelve octets"u8));
        Assert.Equal(PromptError.Truncated, Load(good.AsSpan(0, 30)));
        Assert.Equal(PromptError.Empty, Load(good.AsSpan(0, 44)));
        Assert.Equal(PromptError.UnsupportedEncoding, Load(File(3, 32, 8_000, 1, 80)));
        Assert.Equal(PromptError.UnsupportedShape, Load(File(1, 16, 1_000, 1, 80)));
        Assert.Equal(PromptError.UnsupportedShape, Load(File(1, 16, 8_000, 3, 80)));
        Assert.Equal(PromptError.TooLarge, Prompt.TryLoadWav("long", good, new PromptLimits(100, TimeSpan.FromHours(1)), out _));
        Assert.Equal(PromptError.TooLarge, Prompt.TryLoadWav("long", good, new PromptLimits(10_000, TimeSpan.FromMilliseconds(5)), out _));
        Assert.Equal(PromptError.NotFound, Prompt.TryLoadWav(Path.Combine(Path.GetTempPath(), "no", "such.wav"), PromptLimits.Default, out _));
    }

    [Fact]
    public void A_file_on_disk_carries_its_own_name()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".wav");
        System.IO.File.WriteAllBytes(path, File(1, 16, 8_000, 1, 800));
        try
        {
            Assert.Equal(PromptError.None, Prompt.TryLoadWav(path, PromptLimits.Default, out var prompt));
            Assert.Equal(Path.GetFileName(path), prompt!.Name);
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    [Fact]
    public void Mutilated_files_never_raise()
    {
        var whole = File(1, 24, 48_000, 2, 200);
        var mutilated =
            from cut in Gen.Choose(0, whole.Length)
            from at in Gen.Choose(0, 47)
            from octet in Gen.Choose(0, 255)
            select (cut, at, octet);

        Prop.ForAll(mutilated.ToArbitrary(), damage =>
        {
            var file = whole[..];
            file[damage.at] = (byte)damage.octet;
            var error = Prompt.TryLoadWav("x", file.AsSpan(0, damage.cut), PromptLimits.Default, out var prompt);
            return (error == PromptError.None) == (prompt is not null);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    private static PromptError Load(ReadOnlySpan<byte> file) => Prompt.TryLoadWav("x", file, PromptLimits.Default, out _);

    private static byte[] File(int encoding, int bits, int rateHz, int channels, int frames)
    {
        var octets = bits / 8;
        var file = new byte[44 + frames * channels * octets];
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        "WAVEfmt "u8.CopyTo(file.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(20), (short)encoding);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(22), (short)channels);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(24), rateHz);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(34), (short)bits);
        "data"u8.CopyTo(file.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(40), file.Length - 44);
        for (var i = 0; i < frames; i++)
        {
            var sample = (short)(12_000 * Math.Sin(2 * Math.PI * ToneHz * i / rateHz));
            for (var c = 0; c < channels; c++) Put(file.AsSpan(44 + (i * channels + c) * octets), encoding, bits, sample);
        }

        return file;
    }

    private static void Put(Span<byte> at, int encoding, int bits, short sample)
    {
        if (encoding == 6) at[0] = G711.EncodeA(sample);
        else if (encoding == 7) at[0] = G711.EncodeMu(sample);
        else if (bits == 8) at[0] = (byte)((sample >> 8) + 128);
        else if (bits == 16) BinaryPrimitives.WriteInt16LittleEndian(at, sample);
        else if (bits == 24) BinaryPrimitives.WriteInt16LittleEndian(at[1..], sample);
    }
}
