"""Near-identical texts in six languages: found, told apart, shown to whom they concern, and forgotten with the text."""

import pytest

from forum.db.work import begin
from forum.discussions.models import Comment
from forum.discussions.withdrawing import withdraw_comment
from forum.kernel.actors import Actor
from forum.kernel.errors import NotFound
from moderation.rules.models import ModeratorScope
from moderation.similar.finding import similar_to
from moderation.similar.keeping import erase, fill
from moderation.similar.models import Band, Signature
from moderation.similar.signing import read_stored, sign
from moderation.views.near import near
from tests.moderation.desk import browser, desk_app
from tests.moderation.scene import Scene, case_of, held, moderator_who_writes
from tests.support.world import actor_for, give_role, person, post

TEXTS = {
    "en": (
        "Migrants who are held at borders need legal aid from the first hour, in a language that they understand, and at no cost.",
        "Migrants who are held at the borders need legal aid from the first hour, in a language they understand, and at no cost to them.",
        "Remittances are cheaper where providers must publish their prices, and where postal services may take part in the market.",
    ),
    "fr": (
        "Les migrants retenus aux frontières ont besoin d'une aide juridique dès la première heure, dans une langue qu'ils comprennent.",
        "Les migrants retenus aux frontieres ont besoin d’une aide juridique dès la première heure, dans une langue qu’ils comprennent !",
        "Les envois de fonds coûtent moins cher là où les prestataires doivent publier leurs prix et où la poste peut participer.",
    ),
    "es": (
        "Los migrantes retenidos en las fronteras necesitan asistencia jurídica desde la primera hora, en un idioma que entiendan.",
        "Los migrantes retenidos en las fronteras necesitan asistencia juridica desde la primera hora, y en un idioma que entiendan.",
        "Las remesas son más baratas donde los proveedores deben publicar sus precios y donde el correo puede participar.",
    ),
    "ru": (
        "Мигрантам, задержанным на границе, с первого часа нужна юридическая помощь, на языке, который они понимают, и бесплатно.",
        "Мигрантам, задержанным на границе, с первого же часа нужна юридическая помощь на языке, который они понимают, и бесплатно.",
        "Денежные переводы дешевле там, где поставщики услуг обязаны публиковать цены и где в рынке может участвовать почта.",
    ),
    "ar": (
        "يحتاج المهاجرون المحتجزون على الحدود إلى المساعدة القانونية منذ الساعة الأولى وبلغة يفهمونها ومن دون مقابل",
        "يَحتاجُ المُهاجِرونَ المُحتَجَزونَ على الحُدودِ إلى المُساعَدةِ القانونيّةِ مُنذُ السّاعةِ الأولى وبِلُغةٍ يَفهَمونها ومِن دونِ مُقابِل",
        "تنخفض كلفة التحويلات المالية حيث يلتزم مقدمو الخدمات بنشر أسعارهم وحيث يمكن للبريد أن يشارك في السوق",
    ),
    "zh": (
        "在边境被拘留的移民从第一个小时起就需要法律援助，援助应使用他们所理解的语言，并且免费提供。",
        "在边境被拘留的移民从第一个小时起就需要法律援助，应使用他们理解的语言，并且免费提供！",
        "如果服务提供者必须公布价格，邮政部门也可以参与市场，汇款的费用就会降低，移民家庭因此受益。",
    ),
}
"""By language: a text, one that is nearly the same, and another one."""
LANGUAGES = list(TEXTS)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_near_texts_share_a_band_and_others_do_not(lang: str) -> None:
    one, alike, other = [sign(text) for text in TEXTS[lang]]
    assert set(one.bands()) & set(alike.bands())
    assert one.likeness(alike) >= 0.6
    assert one.likeness(other) < 0.2


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (
            "في البدايه نطلب المساعدة القانونية لجميع المهاجرين المحتجزين على الحدود",
            "في البداية نطلب المساعده القانونيه لجميع المهاجرين المحتجزين على الحدود",
        ),
        (
            "Émigrés et réfugiés ont les mêmes droits fondamentaux, où qu’ils soient.",
            "EMIGRES ET REFUGIES ONT LES MEMES DROITS FONDAMENTAUX, OU QU'ILS SOIENT",
        ),
        (
            "Ещё одно предложение: юридическая помощь нужна с первого часа задержания.",
            "Еще одно предложение, юридическая помощь нужна с первого часа задержания",
        ),
        ("移民有权使用自己的语言获得法律援助，不得收费，不得拖延。", "移民有权使用自己的语言获得法律援助 不得收费 不得拖延"),
        (
            "Legal aid is needed from the first hour of detention, for everybody.",
            "L\u200degal a\u00adid is\u200b needed from the fi\u0301rst hour of detention, for everybody",
        ),
    ],
)
def test_what_a_reader_overlooks_makes_no_difference(one: str, two: str) -> None:
    assert sign(one).hashes
    assert sign(one) == sign(two)


def test_a_signature_outlives_its_storing_and_a_short_text_has_none() -> None:
    made = sign(TEXTS["en"][0])
    assert read_stored(made.stored()) == made
    assert sign("I agree.").bands() == []
    assert sign("I agree.").likeness(sign("I agree.")) == 0.0


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_moderators_see_what_is_nearly_the_same(scene: Scene, lang: str) -> None:
    text, alike, other = TEXTS[lang]
    first = await post(scene.asma, scene.hall, text, lang=lang)
    second = await post(scene.asma, scene.hall, alike, lang=lang)
    await post(scene.asma, scene.hall, other, lang=lang)
    [found] = await similar_to(scene.mona, first)
    assert (found.comment_id, found.same_author, found.elsewhere, found.lang) == (second, True, False, lang)
    assert 0.5 <= found.score <= 1
    [shown] = await near(scene.mona, first, "en")
    assert shown.excerpt
    assert shown.url.startswith("/en/spaces/hall")


async def test_only_from_spaces_that_one_moderates(scene: Scene) -> None:
    text, alike, _ = TEXTS["en"]
    here = await post(scene.asma, scene.hall, text)
    there = await post(scene.asma, scene.annex, alike)
    assert await similar_to(scene.mona, here) == []
    with pytest.raises(NotFound):
        await similar_to(scene.mona, there)
    with pytest.raises(NotFound):
        await similar_to(scene.asma, here)
    with pytest.raises(NotFound):
        await similar_to(scene.mona, "unknown")
    [found] = await similar_to(await _moderator_of_both(scene), here)
    assert (found.comment_id, found.elsewhere, found.space_slug) == (there, True, "annex")


async def test_only_in_languages_that_one_is_given(scene: Scene) -> None:
    text, alike, _ = TEXTS["en"]
    first = await post(scene.asma, scene.hall, text)
    await post(scene.asma, scene.hall, alike, lang="fr")
    assert len(await similar_to(scene.mona, first)) == 1
    await ModeratorScope.create(person_id=scene.mona.person_id, space_id=scene.hall.id, languages=["en"])
    assert await similar_to(scene.mona, first) == []


async def test_on_the_page_and_by_api_but_not_to_the_author(scene: Scene) -> None:
    text, alike, _ = TEXTS["en"]
    author = await moderator_who_writes(scene)
    case = await case_of(await post(author, scene.hall, text))
    second = await post(await actor_for(await person("Other")), scene.hall, alike)
    app = desk_app()
    mona, own = await browser(app, scene.mona), await browser(app, author)
    assert "Nearly the same text" in (await mona.get(f"/en/moderation/cases/{case.id}")).text
    [found] = (await mona.api("GET", f"/{case.id}/similar")).json()["items"]
    assert (found["comment"], found["same_author"], found["state"]) == (second, False, "held")
    assert "Nearly the same text" not in (await own.get(f"/en/moderation/cases/{case.id}")).text
    assert (await own.api("GET", f"/{case.id}/similar")).json() == {"items": []}


async def _moderator_of_both(scene: Scene) -> Actor:
    both = await person("Both")
    await give_role(both, scene.hall)
    await give_role(both, scene.annex)
    return await actor_for(both)


async def test_a_text_taken_back_is_forgotten_with_its_signatures(scene: Scene) -> None:
    text, alike, _ = TEXTS["en"]
    first = await post(scene.asma, scene.hall, text)
    second = await post(scene.asma, scene.hall, alike)
    assert await Signature.filter(comment_id=second).count() == 1
    bands = await Band.all().count()
    await withdraw_comment(scene.asma, second, (await Comment.get(id=second)).version)
    assert await Signature.filter(comment_id=second).count() == 0
    assert await Band.all().count() == bands // 2
    assert await similar_to(scene.mona, first) == []
    assert await fill() == 0, "and nothing signs it again"


async def test_texts_from_before_are_signed_once(scene: Scene) -> None:
    first = await post(scene.asma, scene.hall, TEXTS["zh"][0], lang="zh")
    short = await held(scene)
    kept = await Signature.get(comment_id=first)
    async with begin() as work:
        for one in (first, short):
            await erase(work.connection, one)
    assert (await Signature.all().count(), await Band.all().count()) == (0, 0)
    assert await fill() == 2
    assert await fill() == 0
    assert (await Signature.get(comment_id=first)).digest == kept.digest
    assert (await Signature.get(comment_id=short)).digest == ""
