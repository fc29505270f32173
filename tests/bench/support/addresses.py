"""Random addresses for benchmarks, of 25 octets on average, three quarters of them at 13 large domains."""

FIRST = ('james mary robert anna peter petra karin ulf li wei chen yuki hiro maria jose luis carmen sofia olga ivan pavel '
         'lena max tom tim sue joe amy michael linda david elizabeth').split()
LAST = ('smith johnson williams brown jones garcia miller davis rodriguez martinez schmidt mueller weber fischer wagner '
        'becker hoffmann ivanov petrov tanaka suzuki sato kim lee park nguyen tran rossi russo ferrari moreau '
        'laurent').split()
LARGE = 'mail post inbox freemail orange hotpost webpost icepost provider letter city homenet online'.split()
FORMS = (lambda f, l, i: f'{f}.{l}{i}', lambda f, l, i: f'{f}{l[0]}{i}', lambda f, l, i: f'{f[0]}{l}{i}',
         lambda f, l, i: f'{f}_{i}', lambda f, l, i: f'{l}{i}')


def address(i):
    """The same for the same number."""
    h = (i + 1) * 0x9E3779B97F4A7C15 & (1 << 64) - 1
    h = (h ^ h >> 30) * 0xBF58476D1CE4E5B9 & (1 << 64) - 1
    h ^= h >> 27
    first, last = FIRST[h % 32], LAST[(h >> 5) % 32]
    if (h >> 10) % 4:
        domain = f'{LARGE[(h >> 12) % len(LARGE)]}.test'
    else:
        domain = f'{LAST[(h >> 20) % 32]}{(h >> 25) % 20000}.test'
    return f'{FORMS[(h >> 40) % 5](first, last, i)}@{domain}'
