"""What is typed on a phone is read as it was meant, what is not certain stays, and every position maps back to what was typed."""

import re
from datetime import date
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_trials import SmallShelf, trial

from assistant.tables import read_table
from assistant.understanding.lexicon import Lexicon, TrialWords
from assistant.understanding.spelling import respelled
from assistant.understanding.telling import read_message
from assistant.understanding.written import Respelled, as_typed, written

NO_TRIALS = Lexicon(frozenset(), frozenset())


def rows(table: str) -> list[dict[str, str]]:
    return list(read_table(files("assistant.understanding") / table))


def read(message: str, trials: Lexicon = NO_TRIALS) -> str:
    return respelled(message, trials).text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("am i elegible for the leukemia study", "am i eligible for the leukemia study", id="a changed vowel"),
        pytest.param("my docter found a tumer", "my doctor found a tumor", id="two words"),
        pytest.param("in my kidny", "in my kidney", id="a vowel left out"),
        pytest.param("is there an uper age limt", "is there an upper age limit", id="letters left out"),
        pytest.param("the next infusoin", "the next infusion", id="letters swapped"),
        pytest.param("does diabetis count", "does diabetes count", id="of two forms of one word the one that sounds so"),
        pytest.param("i have astma", "i have asthma", id="a mute letter"),
        pytest.param("high blood presure", "high blood pressure", id="a double letter left out"),
        pytest.param("he takes warfrin evry day", "he takes warfarin every day", id="a drug that stands alone"),
        pytest.param(
            "hemaglobin 8.1 g/dL yesterday", "hemoglobin 8.1 g/dL yesterday", id="a laboratory value, its number kept"
        ),
        pytest.param("creatnine is 1.9 mg/dL", "creatinine is 1.9 mg/dL", id="one that ends as drugs do"),
        pytest.param("her plattelets are low", "her platelets are low", id="a double letter put in"),
        pytest.param("a colonoscpy last munth", "a colonoscopy last month", id="an examination"),
        pytest.param("is brestfeeding alowed", "is breastfeeding allowed", id="most words wrong"),
        pytest.param("recieved chemotherpy untill march", "received chemotherapy until march", id="ie for ei"),
        pytest.param("is it a randomisd study", "is it a randomised study", id="British stays British"),
        pytest.param("what are the secondry outcoms", "what are the secondary outcomes", id="words of trials"),
        pytest.param("the primary endpionts", "the primary endpoints", id="rare in English, common in trials"),
        pytest.param("metastises in the lung", "metastases in the lung", id="the plural stays"),
        pytest.param("is hypertenshun a problem", "is hypertension a problem", id="as it sounds"),
        pytest.param("a thyroidectmy is planned", "a thyroidectomy is planned", id="an operation"),
        pytest.param("diarreah grade 2", "diarrhea grade 2", id="a hard word"),
        pytest.param("no known alergies", "no known allergies", id="a denial keeps what it denies"),
        pytest.param("the pateint is stabel", "the patient is stable", id="swapped letters before a word that sounds alike"),
        pytest.param("hipertension since 2010", "hypertension since 2010", id="a contrast that is typed out"),
        pytest.param("untreted gout", "untreated gout", id="a denying prefix that is typed out"),
        pytest.param("a nonpregnent woman", "a nonpregnant woman", id="non stays non"),
        pytest.param("nver smoked", "never smoked", id="a denial that can be nothing else"),
        pytest.param("the anti-pd-1 antibdy", "the anti-pd-1 antibody", id="beside a name with digits"),
        pytest.param("mild proteinurea", "mild proteinuria", id="a finding"),
        pytest.param("my wife's docter's note", "my wife's doctor's note", id="whose it is"),
        pytest.param("Radiotherpy ended in June.", "Radiotherapy ended in June.", id="a capital that opens"),
        pytest.param("havin a bad day with thinkin", "having a bad day with thinking", id="as it is spoken"),
        pytest.param("takes hydroxyzne at night", "takes hydroxyzine at night", id="a drug whose neighbours lie far"),
        pytest.param("is the vacine live??", "is the vaccine live??", id="marks stay"),
    ],
)
def test_a_slip_is_read_as_it_was_meant(typed: str, meant: str) -> None:
    assert read(typed) == meant


@pytest.mark.parametrize(
    "message",
    [
        pytest.param("The patient has stable hypothyroidism and takes 75 mcg of levothyroxine.", id="clean text"),
        pytest.param("haemoglobin, oesophagus, anaemia, tumour, randomised, colour, diarrhoea", id="British spelling"),
        pytest.param("hemoglobin, esophagus, anemia, tumor, randomized, color, diarrhea", id="American spelling"),
        pytest.param("she has hyptension since 2010", id="low or high blood pressure"),
        pytest.param("she has hyprthyroidism", id="under- or overactive thyroid"),
        pytest.param("with iactive disease", id="active or inactive"),
        pytest.param("takes prednisoln 5 mg", id="two drugs lie near"),
        pytest.param("takes pembrolizmab now", id="ends as antibodies do"),
        pytest.param("takes zeltarimab now", id="an antibody that no table knows"),
        pytest.param("takes ostrinib or velocept", id="drugs that no table knows"),
        pytest.param("fluoxetine or paroxetine, clonidine or quinine", id="drugs that look alike"),
        pytest.param("clopidogrel 75mcg, not 75mg", id="units"),
        pytest.param("5 mL of 10 mmol/L at 3 x ULN", id="more units"),
        pytest.param("NCT01234567 and EudraCT 2019-001234-56", id="numbers of trials"),
        pytest.param("see www.exampel.org/tretment or mail stdy@exampel.org", id="addresses"),
        pytest.param("the file protocl_v2.pdf", id="a file name"),
        pytest.param("ctv2, gtvn, pd-l1 and her2", id="names with digits"),
        pytest.param("eGFR 55, ECOG 1, HbA1c 7.2", id="short forms"),
        pytest.param("pembro and nivo since march, trops and bili fine, abdo soft", id="how clinicians write short"),
        pytest.param("preop checks and postop scans", id="more of them"),
        pytest.param("PTNS HYPRTNSION", id="capitals"),
        pytest.param("ask Dr Ramanuyan Venkatesh", id="a person's name"),
        pytest.param("ask dr ramanuyan venkatesh", id="a person's name without capitals"),
        pytest.param("I live in Tirupur near Kovai", id="places"),
        pytest.param("not pregnant, non-smoker, no metastases", id="denials"),
        pytest.param("neutropaenia and neutrophilia, arthritis and arthrosis", id="terms of contrary meaning"),
        pytest.param("cholecystectomy, choledochotomy, ileostomy, colostomy", id="operations"),
        pytest.param("had a tracheotmy", id="an opening or a lasting one"),
        pytest.param("akinesia with a pallidotomy", id="terms that no table may know"),
        pytest.param("a prefilled pen in a multicentre study", id="words made of others"),
        pytest.param("an invasively grown tumor under glycemic control", id="words derived from others"),
        pytest.param("Welche Kriterien schliessen mich aus", id="another language"),
        pytest.param("chest feels tite", id="too short to be certain"),
        pytest.param("the trail making test", id="a test that is called so"),
        pytest.param("what dose of the drug", id="dose is dose"),
        pytest.param("the dose that worked", id="dose is dose before that"),
        pytest.param("which dose this week", id="dose is dose before this"),
        pytest.param("given im on day 1", id="into the muscle"),
        pytest.param("methotrexate 15 mg im weekly", id="into the muscle, weekly"),
        pytest.param("HES infusion last week", id="a starch"),
        pytest.param("its not its fault", id="its may be either"),
        pytest.param("she was patience itself with plane tickets", id="words that sound alike, in their place"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_not_certain_stays(message: str) -> None:
    assert read(message) == message


@pytest.mark.parametrize("row", rows("slips.tsv"), ids=lambda row: row["example"])
def test_each_row_of_slips_has_an_example_that_it_respells(row: dict[str, str]) -> None:
    assert re.search(rf"\b{re.escape(row['reads'])}\b", read(row["example"]))


@pytest.mark.parametrize("row", rows("contrasts.tsv"), ids=lambda row: row["example"])
def test_no_row_of_contrasts_is_crossed(row: dict[str, str]) -> None:
    assert read(f"she has {row['example']} now") == f"she has {row['example']} now"


def test_a_longer_message_is_a_note_and_stays() -> None:
    note = "the docter came. " * 200
    assert read(note) == note


class TestTrials:
    def test_words_of_a_trial_are_known(self) -> None:
        assert read("is savolumap given") == "is savolumap given"
        trials = Lexicon(frozenset({"keratinisng"}), frozenset())
        assert read("is keratinisng meant", trials) == "is keratinisng meant"

    def test_a_name_of_a_trial_may_be_meant(self) -> None:
        trials = Lexicon(frozenset({"quillozan"}), frozenset({"quillozan"}))
        assert read("the quilozan trial", trials) == "the quillozan trial"
        assert read("the quilozan trial") == "the quilozan trial"

    def test_they_are_read_once_in_a_generation(self) -> None:
        shelf = SmallShelf([trial("NCT00000051", title="Oral velzomar for gout")])
        words = TrialWords(shelf)
        assert "velzomar" in words.of(()).names
        assert words.of(("NCT00000051",)) is words.of(("NCT00000051",))
        shelf.kept = [*shelf.kept, trial("NCT00000052", title="Oral drozamel for gout")]
        assert "drozamel" not in words.of(()).names
        shelf.generation += 1
        assert "drozamel" in words.of(()).names


class TestPositions:
    def test_a_respelled_word_stands_for_the_whole_word_as_typed(self) -> None:
        message = "hello im 61 with astma"
        meant = respelled(message, NO_TRIALS)
        start = meant.text.index("asthma")
        assert message[slice(*meant.span(start, start + 6))] == "astma"
        assert message[slice(*meant.span(start + 2, start + 3))] == "astma"
        assert message[slice(*meant.span(meant.text.index("61"), meant.text.index("61") + 2))] == "61"

    def test_facts_quote_the_words_as_typed(self) -> None:
        message = "my hemaglobin is 8.8 g/dL and i have astma"
        patient = read_message(respelled(message, NO_TRIALS), date(2026, 11, 20)).patient
        assert patient.text == message
        assert len(patient.facts) == 2
        assert all(message[fact.words.start : fact.words.end] == fact.words.quote for fact in patient.facts)
        assert "hemaglobin" in patient.facts[0].words.quote

    @given(st.lists(st.sampled_from("docter pateint im ive 12 astma, the not hyptension NCT01234567 ein".split()), max_size=6))
    def test_every_stretch_lies_inside_the_message(self, typed: list[str]) -> None:
        message = " ".join(typed)
        meant = respelled(message, NO_TRIALS)
        assert len(meant.begins) == len(meant.ends) == len(meant.text)
        assert list(meant.begins) == sorted(meant.begins)
        for start in range(len(meant.text) + 1):
            for end in range(start, len(meant.text) + 1):
                begin, finish = meant.span(start, end)
                assert 0 <= begin <= finish <= len(message)

    @given(st.text(max_size=60), st.data())
    def test_respelling_maps_back(self, message: str, data: st.DataObject) -> None:
        start = data.draw(st.integers(0, len(message)))
        end = data.draw(st.integers(start, len(message)))
        meant = written(message, [Respelled(start, end, "meant")])
        assert meant.text == f"{message[:start]}meant{message[end:]}"
        assert meant.span(start, start + 5) == (start, end)
        assert meant.span(0, len(meant.text)) == (0, len(message))

    @given(st.lists(st.sampled_from("the patient has stable gout and takes aspirin daily since May 2020 .".split())))
    def test_known_words_stay(self, known: list[str]) -> None:
        message = " ".join(known)
        assert respelled(message, NO_TRIALS) == as_typed(message)
