/* quality - which text layers are healthy, doubtful or garbage. */
#include "helper/doc/layer/quality.h"
#include "pc.h"
#include "tap.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- healthy texts ---- */

static const char english[] =
    "The baker opens the shop before sunrise and sells the first loaves to\n"
    "people on their way to work. On Thursdays there is a market in front of\n"
    "the town hall, and farmers bring apples, honey and cheese from the\n"
    "villages. If it rains they put up large green umbrellas over the tables\n"
    "and wait for better weather with coffee and warm cake from next door.\n";
static const char german[] =
    "Der Zug nach Norden hat heute zwanzig Minuten Verspätung, weil eine\n"
    "Weiche im Bahnhof gefroren war. Fahrgäste mit Anschluss werden gebeten,\n"
    "sich an den Schaffner zu wenden. Getränke gibt es im vorletzten Wagen,\n"
    "solange der Vorrat reicht. Fahrräder dürfen nur am Ende des Zuges\n"
    "abgestellt werden, damit die Türen und Durchgänge frei bleiben.\n";
static const char polish[] =
    "Wczoraj wieczorem nad jeziorem przeszła burza, która połamała drzewa\n"
    "i zerwała dach starej szopy. Sąsiedzi pomagali sobie do późna w nocy,\n"
    "a rano wspólnie sprzątali drogę prowadzącą do miasteczka. Nikt nie został\n"
    "ranny, ale most przy młynie trzeba będzie naprawić jeszcze przed zimą,\n"
    "bo inaczej dzieci nie dojadą autobusem do szkoły w sąsiedniej wsi.\n";

struct sample {
	const char *name, *text;
};

static const struct sample healthy[] = {
    {"English", english},
    {"German", german},
    {"Polish", polish},
    {"Finnish",
	"Vanha kalastaja korjasi verkkojaan laiturilla ja kertoi lapsille\n"
	"tarinoita myrskyistä, jotka olivat rikkoneet hänen veneensä. Illalla\n"
	"järvi oli tyyni ja kuu nousi hitaasti metsän yläpuolelle, kun kaikki\n"
	"istuivat nuotion ympärillä ja söivät savustettua kalaa leivän kanssa.\n"},
    {"Vietnamese",
	"Buổi sáng người dân trong làng ra chợ mua rau và cá tươi, trẻ em\n"
	"đi học trên con đường nhỏ bên sông. Mùa mưa nước dâng cao nên mọi\n"
	"người phải dùng thuyền để qua lại giữa hai bờ và giúp đỡ nhau.\n"},
    {"Russian",
	"Вчера вечером над озером прошла гроза, которая сломала деревья и\n"
	"сорвала крышу старого сарая. Соседи до поздней ночи помогали друг\n"
	"другу, а утром вместе убирали дорогу, ведущую в город.\n"},
    {"Greek",
	"Το πρωί οι ψαράδες γυρίζουν στο λιμάνι και πουλάνε τα ψάρια τους\n"
	"στην αγορά. Το μεσημέρι κάνει ζέστη και όλοι κάθονται στη σκιά.\n"},
    {"Hebrew",
	"\u202bבבוקר הדייגים חוזרים לנמל ומוכרים את הדגים בשוק\u202c\n"
	"\u202bבצהריים חם מאוד וכולם יושבים בצל העצים\u202c\n"},
    {"Arabic",
	"يعود الصيادون في الصباح إلى الميناء ويبيعون السمك في السوق\n"
	"وفي الظهيرة يشتد الحر ويجلس الجميع في ظل الأشجار\n"},
    {"Chinese",
	"清晨，渔民们回到港口，把鱼卖给市场上的人。中午天气很热，\n"
	"大家都坐在树荫下休息，喝茶聊天（直到傍晚）。\n"},
    {"Japanese",
	"朝になると漁師たちは港に戻り、市場で魚を売ります。昼は暑いので、\n"
	"みんな木の下のベンチに座って「休憩」します。\n"},
    {"Hindi",
	"सुबह मछुआरे बंदरगाह लौटते हैं और बाज़ार में मछली बेचते हैं।\n"
	"दोपहर में बहुत गर्मी होती है और सब लोग पेड़ों की छाया में बैठते हैं।\n"},
    {"Thai",
	"ตอนเช้าชาวประมงกลับเข้าท่าเรือและขายปลาที่ตลาด\n"
	"ตอนเที่ยงอากาศร้อนมาก ทุกคนจึงนั่งพักใต้ต้นไม้\n"},
    {"quotation marks and dashes",
	"Он сказал: «Да» – и ушёл… «Нет», – ответила она: „Да“, ‚nein‘.\n"
	"“Yes” – he said – “no”… ‘perhaps’. »Ja«, »nein«, „doch“ — “oui”.\n"},
    {"source code",
	"static int\nfind(const struct tree *t, int (*less)(int, int))\n{\n"
	"\tfor (size_t i = 0; i < t->n && !less(t->v[i], 0); i++)\n"
	"\t\tif (t->v[i] == (t->flags & MASK) >> 3)\n\t\t\treturn (int)i;\n"
	"\treturn -1;\n}\n#define MAX(a, b) ((a) > (b) ? (a) : (b))\n"},
    {"regular expressions",
	"s/\\([^:]*\\):\\(.*\\)/\\2 \\1/g;t;d ^(?:[A-Za-z0-9._%+-]+)@[a-z]{2,}\\.[A-Z]$\n"
	"(?<=\\d)(?=(\\d{3})+\\b) [^\\s'\"<>/=]+(?=\\s*[=>]) \\$\\{([^}]+)\\} (['\"])(.*?)\\1\n"
	"$_=~tr/a-z//cd;@a=map{$_->[0]}sort{$a->[1]<=>$b->[1]}@b; (\\w+)(\\()([^)]*)(\\))\n"},
    {"a parts list",
	"10 BRG-6204-2RS bearing, sealed M8x35 DIN 933 2.40 EUR 4 pcs\n"
	"20 SN74HC595N shift register SO-16 0.38 EUR 120 pcs\n"
	"30 RES-0805-4K7-1% resistor 4k7 ±1 % 0.01 EUR 500 pcs\n"
	"40 NBR70-12x2 O-ring Ø12 0.09 EUR 50 pcs\n"},
    {"a dump in hexadecimal",
	"00000000: 7f45 4c46 0201 0100 dead beef cafe babe .ELF............\n"
	"00000010: 0300 3e00 0100 0000 c0de f00d 0000 0000 ..>.....`$......\n"
	"000000d0: e48b 5d08 ffff ab90 fade deaf bead 0c0a ..].............\n"},
    {"formulas",
	"∀ε>0 ∃δ>0: |x−x₀|<δ ⇒ |f(x)−f(x₀)|<ε\n"
	"x = (−b ± √(b²−4ac))/(2a)   λ₁ ≥ λ₂ ≥ … ≥ λₙ\n"
	"p(θ|x) ∝ p(x|θ)p(θ)   sin²φ + cos²φ = 1   a x + b y = c\n"
	"E = mc²   ∂u/∂t = κ∇²u   α β γ δ   u v w = x y z\n"},
    {"a table of numbers",
	"12.50 −3.75 1,204.00 (17.30) 99 % ±0.05\n0815 4711 12/47 1/2 3/4\n"
	"417.50 € 12.00 $ 7 £ — — — 2024-05-06 10:30\n"},
    {"a list with bullets of a private font",
	"\uf0b7 flour\n\uf0b7 two eggs\n\uf0b7 milk\n\uf0fc butter\n"
	"\uf0a7 salt\n\uf0b7 sugar\n"},
    {"dot leaders and boxes",
	"Contents ..................... 3\nIndex .................. 120\n"
	"+------+------+\n| name | size |\n+======+======+\n☐ yes ☑ no ★★★☆☆\n"},
    {"genes and proteins",
	"gattacagat tacagattac acgtacgtta gcatgcatta ccgatagcta\n"
	"MKVLAAGIVG LLLAQWERTY PSDFGHKLCV NMASDFGHKL QWERTYIPAS\n"
	"MKVLAYGIVG LDLAQWERTY PSDFEHKLCV NMHSDFGHKL QWERTHIPAS\n"
	"MKVDAAGIVG LELAQWSRTY PSDFGRKLCV NMASDYGHKL QWERTYIPAS\n"
	"MNVLAAGIVG LLLEQWERTY PSVFGHKLCV NMWSDFGHKL QWEYTYIPAS\n"},
    {"a few words", "Page 12"},
    {"nothing", ""},
};

/* ---- other texts ---- */

static const struct sample garbage[] = {
    {"replacement characters",
	"\ufffd\ufffd\ufffd \ufffd\ufffd\ufffd\ufffd \ufffd\ufffd \ufffd\ufffd"
	"\ufffd\ufffd \ufffd\ufffd\ufffd\ufffd\ufffd \ufffd\ufffd\ufffd\n"},
    {"a font of private characters",
	"\uf041\uf042\uf043 \uf044\uf045 \uf046\uf047\uf048\uf049 \uf041\uf042"
	"\uf043 \uf044\uf045 \uf046\uf047\uf048\uf049 \uf041\uf042\uf043\n"},
    {"control characters",
	"\x01\x02\x03 \x04\x05\x06\x07 \x0e\x0f\x10 \x11\x12\x13 \x14\x15\x16 "
	"\x17\x18\x19 \x01\x02\x03 \x04\x05\x06\x07\n"},
    {"numbers of glyphs",
	"7KH\3EDNHU\3RSHQV\3WKH\3VKRS\3EHIRUH\3VXQULVH\3DQG\3VHOOV\n"
	"WKH\3ILUVW\3ORDYHV\3WR\3SHRSOH\3RQ\3WKHLU\3ZD\\\3WR\3ZRUN\n"},
    {"names of glyphs",
	"GLYPH<12> GLYPH<7>GLYPH<40> (cid:3)(cid:44) (cid:7) /12 /31 xx\n"},
    {"signs of Windows 1252",
	"€•‚ƒ•„… †•„ƒ… •ƒ‡„ˆ‰…Šƒ‹Œ ‰ ‹Š•Ž • •…‡„ˆ‰…Šƒ‹Œ †•‹‘Š\n"},
    {"contents in control characters",
	"\302\221\302\202\302\213\302\221\302\212 "
	"KKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKK\n"
	"\302\222\302\201 \302\204\302\230\302\223\302\217\302\215 "
	"\302\222\302\213\302\224\302\221\302\202 \302\230\302\223\302\201\302\207 "
	"\302\223\302\212\302\221\302\204\302\202 \302\205\302\211\302\221\302\202 "
	"\302\224\302\221\302\202\302\230 \302\223\302\201\302\207\302\210\302\213\n"},
    {"Cyrillic read as Latin 1",
	"Ïðèâåò âñåì ÷èòàòåëÿì íàøåãî æóðíàëà, ñåãîäíÿ õîðîøàÿ\n"},
};

static enum layer_quality
rate(const char *text)
{
	return quality_of(text, strlen(text));
}

/* Each letter becomes the one BY places behind it, as of glyphs whose
 * numbers are taken for characters. */
static enum layer_quality
rate_shifted(const char *text, int by)
{
	char *copy = strdup(text);
	enum layer_quality q;

	for (char *c = copy; *c; c++)
		if (isalpha((unsigned char)*c)) {
			const char first = islower((unsigned char)*c) ? 'a'
								      : 'A';

			*c = (char)((*c - first + by) % 26 + first);
		}
	q = rate(copy);
	free(copy);
	return q;
}

/* The same with codes of characters, which are signs and digits too. */
static enum layer_quality
rate_coded(const char *text, int by)
{
	char *copy = strdup(text);
	enum layer_quality q;

	for (char *c = copy; *c; c++)
		if (isalpha((unsigned char)*c))
			*c = (char)(*c + by);
	q = rate(copy);
	free(copy);
	return q;
}

/* A page with a good heading and many lines, and one bad paragraph. */
static enum layer_quality
rate_inside(const char *bad)
{
	struct pc_buf page = {0};
	enum layer_quality q;

	pc_buf_addf(&page, "Report of the year\n\n%s\n%s\n%s\n\n%s\n\n%s",
	    german, english, polish, bad, english);
	q = quality_of((const char *)page.data, page.len);
	pc_buf_clear(&page);
	return q;
}

static void
test_shifted(const char *name, const char *text)
{
	int found = 0;

	for (int by = 1; by < 26; by++)
		found += rate_shifted(text, by) == LAYER_DOUBTFUL;
	OK(found >= 24, "%s with shifted letters is doubtful: %d of 25", name,
	    found);
}

/* A title of eight words in other letters, on a page of good text. */
static void
test_title(void)
{
	static const char title[] =
	    "Annual report of the harbour office about fishing boats\n";
	struct pc_buf page = {0};
	int found = 0;

	for (int by = 1; by < 26; by++) {
		page.len = 0;
		pc_buf_addf(&page, "%s\n", english);
		for (const char *c = title; *c; c++) {
			const char first = islower((unsigned char)*c) ? 'a'
								      : 'A';
			const char other = (char)((*c - first + by) % 26 +
			    first);

			pc_buf_add(&page,
			    isalpha((unsigned char)*c) ? &other : c, 1);
		}
		pc_buf_addf(&page, "\n%s", german);
		found += quality_of((const char *)page.data, page.len) ==
		    LAYER_DOUBTFUL;
	}
	OK(found >= 20,
	    "a title with shifted letters makes a page doubtful: "
	    "%d of 25",
	    found);
	pc_buf_clear(&page);
}

static int
is_good_anyhow(const char *text)
{
	return quality_is_good_anyhow(text, strlen(text));
}

/* A text that may be good only by the ends of its lines is never called good
 * without them. */
static void
test_anyhow(void)
{
	struct pc_buf page = {0};
	int wrong = 0;

	OK(is_good_anyhow(english) && is_good_anyhow(german) &&
		is_good_anyhow(polish),
	    "prose is good however its lines end");
	OK(is_good_anyhow("a b c\nit is a list of a few\n"),
	    "so is prose with a few single letters");
	for (size_t i = 0; i < sizeof garbage / sizeof *garbage; i++) {
		page.len = 0;
		pc_buf_addf(&page, "%s%s%s", english, garbage[i].text, german);
		wrong += is_good_anyhow(garbage[i].text) +
		    quality_is_good_anyhow((const char *)page.data, page.len);
	}
	OK(wrong == 0, "garbage is not, nor prose around it");
	page.len = 0;
	pc_buf_addf(&page, "%s", english);
	for (int i = 0; i < 16; i++)
		pc_buf_add(&page, "s p ", 4);
	pc_buf_add(&page, "", 1);
	OK(!is_good_anyhow((const char *)page.data),
	    "nor is prose with spaced-out letters");
	pc_buf_clear(&page);
}

static void
test_coded(void)
{
	int found = 0;

	for (int by = -51; by <= -40; by++)
		found += rate_coded(english, by) == LAYER_DOUBTFUL;
	for (int by = -20; by <= -9; by++)
		found += rate_coded(english, by) == LAYER_DOUBTFUL;
	OK(found >= 22, "English with other codes is doubtful: %d of 24",
	    found);
}

int
main(void)
{
	for (size_t i = 0; i < sizeof healthy / sizeof *healthy; i++)
		OK(rate(healthy[i].text) == LAYER_GOOD, "%s: good",
		    healthy[i].name);
	for (size_t i = 0; i < sizeof garbage / sizeof *garbage; i++) {
		OK(rate(garbage[i].text) == LAYER_GARBAGE, "%s: garbage",
		    garbage[i].name);
		OK(rate_inside(garbage[i].text) != LAYER_GARBAGE,
		    "%s in a part of a page: the page is not garbage",
		    garbage[i].name);
	}
	test_anyhow();
	OK(rate_inside(garbage[5].text) == LAYER_DOUBTFUL,
	    "a paragraph of signs makes a page doubtful");
	OK(rate_inside("") == LAYER_GOOD, "a page without it is good");
	test_shifted("English", english);
	test_shifted("German", german);
	test_shifted("Polish", polish);
	test_coded();
	test_title();
	OK(rate("T h e b a k e r o p e n s t h e s h o p") == LAYER_DOUBTFUL,
	    "letters that are set apart are doubtful");
	return tap_done();
}
