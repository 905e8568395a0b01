package dev.sluice.gateway.eventtype;

import static dev.sluice.gateway.eventtype.Schemas.tree;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaCompatibilityTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'type':'string'}|{}",
                "{'type':'string'}|{'title':'only words'}",
                "false|{'type':'string'}",
                "{'type':'integer'}|{'type':'number'}",
                "{'type':'string'}|{'type':['null','string']}",
                "{'required':['a','b']}|{'required':['b']}",
                "{'properties':{'a':{'type':'string'}}}|{'properties':{'a':{'type':'string'},'b':{'type':'number'}}}",
                "{'properties':{'a':{'type':'string'},'b':true}}|{'properties':{'a':{'type':'string'}}}",
                "{'additionalProperties':false}|{'additionalProperties':{'type':'string'}}",
                "{'additionalProperties':false,'properties':{'a':true}}|"
                        + "{'additionalProperties':false,'properties':{'a':true,'b':true}}",
                "{'minimum':3}|{'minimum':2}",
                "{'maxLength':3}|{'maxLength':4}",
                "{'enum':[1,2]}|{'enum':[2,3,1]}",
                "{'const':1}|{'enum':[1,2]}",
                "{'items':{'maximum':3}}|{'items':{'maximum':4}}",
                "{'allOf':[{'type':'string'}]}|{}",
                "{'$ref':'#/$defs/a','$defs':{'a':{'maximum':1}}}|{'$ref':'#/$defs/a','$defs':{'a':{'maximum':2}}}",
                "{'oneOf':[{'type':'string'}]}|{'description':'words','oneOf':[{'type':'string'}]}",
            })
    void seesThatAVersionTakesAsMuch(String before, String after) {
        assertThat(SchemaCompatibility.findNarrower(tree(before), tree(after))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{}|false|''",
                "{}|{'type':'string'}|/type",
                "{'type':'number'}|{'type':'integer'}|/type",
                "{'required':['a']}|{'required':['a','b']}|/required",
                "{}|{'required':['a']}|/required",
                "{'properties':{'a':true}}|{'properties':{'a':{'type':'string'}}}|/properties/a/type",
                "{}|{'additionalProperties':false}|/additionalProperties",
                "{'additionalProperties':false,'properties':{'a':true}}|{'additionalProperties':false}|/properties/a",
                "{'minimum':2}|{'minimum':3}|/minimum",
                "{}|{'minimum':3}|/minimum",
                "{'maxLength':4}|{'maxLength':3}|/maxLength",
                "{'enum':[1,2]}|{'enum':[1]}|/enum",
                "{}|{'enum':[1]}|/enum",
                "{'pattern':'a'}|{'pattern':'b'}|/pattern",
                "{'items':true}|{'items':{'maximum':4}}|/items/maximum",
                "{'anyOf':[{'type':'string'}]}|{'anyOf':[{'type':'number'}]}|/anyOf",
                "{'if':{'type':'string'},'then':{'minLength':1}}|{'if':{'type':'number'},'then':{'minLength':1}}|/if",
                "{'not':{'$ref':'#/$defs/a'},'$defs':{'a':{'maximum':1}}}|"
                        + "{'not':{'$ref':'#/$defs/a'},'$defs':{'a':{'maximum':2}}}|/$defs/a",
                "{'$ref':'#/$defs/a','$defs':{'a':true}}|{'$ref':'#/$defs/b','$defs':{'b':false}}|/$ref",
                "{'patternProperties':{'^a':true}}|{'patternProperties':{'^a':false}}|/patternProperties",
            })
    void seesWhereAVersionMayTakeLess(String before, String after, String pointer) {
        assertThat(SchemaCompatibility.findNarrower(tree(before), tree(after)))
                .contains(pointer.equals("''") ? "" : pointer);
    }
}
